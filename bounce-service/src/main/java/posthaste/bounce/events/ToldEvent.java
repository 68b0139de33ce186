package posthaste.bounce.events;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import posthaste.mail.record.Event;

/** One thing that happened to one recipient: an entry of an {@link Event}, with what it shares. */
public record ToldEvent(Event event, Event.Entry entry) {
    /** Octets of a hash: more than enough for all events that there will ever be. */
    private static final int ID_OCTETS = 16;

    /** One for each recipient that the event speaks of. */
    public static List<ToldEvent> of(Event event) {
        List<ToldEvent> told = new ArrayList<>(event.entries().size());
        event.entries().forEach(entry -> told.add(new ToldEvent(event, entry)));
        return told;
    }

    /** The same whenever this is told again, also when a crash made it happen twice. */
    public String id() {
        return "evt_" + shortHash(event.entryId(entry));
    }

    /** The kind's word. */
    public String kind() {
        return word(entry.kind());
    }

    /** As {@code delay_warned}. */
    public static String word(Event.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** A name for a text of any length. */
    public static String shortHash(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, ID_OCTETS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
