package posthaste.service.suppression;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import posthaste.mail.address.InvalidAddressException;
import posthaste.queue.control.Fact;

/**
 * Entries as facts of kind {@value #KIND}. Content: one octet of version; one of what it is (0: the
 * entry was taken out; else the class's code); one whether it is in force; count, since and last
 * (ms since 1970); then reason and source, each with its length in octets. When it expires is the
 * fact's own.
 */
public final class SuppressionCodec {
    /** The kind of these facts. */
    public static final String KIND = "suppression";

    private static final byte VERSION = 1;
    private static final int HEAD = 3 + Integer.BYTES + 2 * Long.BYTES + 2 * Short.BYTES;
    private static final Instant NEVER = Instant.ofEpochMilli(Long.MAX_VALUE);

    /** What a fact says. */
    public sealed interface Said {
        SuppressionKey key();

        /** This entry holds. */
        record Listed(Suppression entry) implements Said {
            @Override
            public SuppressionKey key() {
                return entry.key();
            }
        }

        /**
         * No entry holds.
         *
         * @param reason why an operator took it out
         * @param source who
         */
        record Removed(SuppressionKey key, String reason, String source, Instant at)
                implements Said {
            public Removed {
                reason = Suppression.cut(reason);
                source = Suppression.cut(source);
            }
        }
    }

    private SuppressionCodec() {}

    /** What a fact has to say for this to hold. */
    public static Fact fact(Said said) {
        return switch (said) {
            case Said.Listed(Suppression entry) ->
                    new Fact(
                            KIND,
                            entry.key().toString(),
                            content(
                                    entry.suppressionClass().code(),
                                    entry.inForce(),
                                    entry.count(),
                                    entry.since(),
                                    entry.last(),
                                    entry.reason(),
                                    entry.source()),
                            entry.expires().orElse(NEVER));
            // Overwrites what was said of the key, for whoever reads the topic later, too.
            case Said.Removed removed ->
                    new Fact(
                            KIND,
                            removed.key().toString(),
                            content(
                                    0,
                                    false,
                                    0,
                                    removed.at(),
                                    removed.at(),
                                    removed.reason(),
                                    removed.source()),
                            NEVER);
        };
    }

    private static byte[] content(
            int place,
            boolean inForce,
            int count,
            Instant since,
            Instant last,
            String reasonText,
            String sourceText) {
        byte[] reason = reasonText.getBytes(StandardCharsets.UTF_8);
        byte[] source = sourceText.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEAD + reason.length + source.length)
                .put(VERSION)
                .put((byte) place)
                .put((byte) (inForce ? 1 : 0))
                .putInt(count)
                .putLong(since.toEpochMilli())
                .putLong(last.toEpochMilli())
                .putShort((short) reason.length)
                .put(reason)
                .putShort((short) source.length)
                .put(source)
                .array();
    }

    /** Reads a fact; empty for what a version that we do not know says. */
    public static Optional<Said> read(Fact fact) {
        try {
            SuppressionKey key = SuppressionKey.parse(fact.key());
            ByteBuffer content = ByteBuffer.wrap(fact.content());
            if (content.get() != VERSION) {
                return Optional.empty();
            }
            int place = content.get();
            Optional<SuppressionClass> what = SuppressionClass.ofCode(place);
            if (place != 0 && what.isEmpty()) {
                return Optional.empty();
            }
            boolean inForce = content.get() != 0;
            int count = content.getInt();
            Instant since = Instant.ofEpochMilli(content.getLong());
            Instant last = Instant.ofEpochMilli(content.getLong());
            String reason = text(content);
            String source = text(content);
            return Optional.of(
                    what.isEmpty()
                            ? new Said.Removed(key, reason, source, last)
                            : new Said.Listed(
                                    new Suppression(
                                            key,
                                            what.get(),
                                            inForce,
                                            count,
                                            reason,
                                            source,
                                            since,
                                            last,
                                            Optional.of(fact.expires())
                                                    .filter(at -> !at.equals(NEVER)))));
        } catch (InvalidAddressException | BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static String text(ByteBuffer content) {
        byte[] octets = new byte[Short.toUnsignedInt(content.getShort())];
        content.get(octets);
        return new String(octets, StandardCharsets.UTF_8);
    }
}
