package posthaste.bounce.returned;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.envelope.MailId;
import posthaste.mail.verp.ReturnAddress;
import posthaste.mail.verp.VerpCodec;

/**
 * What a report bears of ours, wherever it stands: a return address in Return-Path or
 * Original-Mail-From, our id in the Received field of the mail that it returns.
 *
 * @param returnAddresses such that we made; none that is made up is among them
 * @param ids of mails, in the order in which they stand
 */
record Traces(List<ReturnAddress> returnAddresses, List<MailId> ids) {
    private static final int MOST = 8;
    private static final Pattern ADDRESS =
            Pattern.compile(
                    "(?i)\\bb-[0-9a-z]{26}-[0-9a-z]{10}-[0-9a-z]{16}"
                            + "@[0-9a-z](?:[0-9a-z.-]{0,252}[0-9a-z])?");

    /** {@code id} as it ends our Received field, also where it begins a folded line. */
    private static final Pattern ID = Pattern.compile("\\bid ([0-7][0-9a-hjkmnp-tv-z]{25})\\b");

    Traces {
        returnAddresses = List.copyOf(returnAddresses);
        ids = List.copyOf(ids);
    }

    /**
     * Looks for them.
     *
     * @param own the id under which the report itself came in, which is no trace
     */
    static Traces in(byte[] report, Optional<VerpCodec> codec, MailId own) {
        String text = new String(report, StandardCharsets.ISO_8859_1);
        List<ReturnAddress> addresses = new ArrayList<>();
        if (codec.isPresent()) {
            Matcher address = ADDRESS.matcher(text);
            for (int i = 0; i < MOST && address.find(); i++) {
                read(address.group(), codec.get())
                        .filter(found -> !addresses.contains(found))
                        .ifPresent(addresses::add);
            }
        }
        SequencedSet<MailId> ids = new LinkedHashSet<>();
        Matcher id = ID.matcher(text);
        while (ids.size() < MOST && id.find()) {
            MailId found = new MailId(id.group(1));
            if (!found.equals(own)) {
                ids.add(found);
            }
        }
        return new Traces(addresses, List.copyOf(ids));
    }

    private static Optional<ReturnAddress> read(String text, VerpCodec codec) {
        try {
            return codec.read(EmailAddress.parse(text));
        } catch (InvalidAddressException e) {
            // What looks like one is none.
            return Optional.empty();
        }
    }
}
