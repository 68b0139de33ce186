package posthaste.ingest.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import posthaste.ingest.message.HeaderField;
import posthaste.ingest.message.Mailboxes;
import posthaste.ingest.message.MessageHeader;
import posthaste.mail.address.EmailAddress;

/**
 * The header of a message, read before the message itself, to take the envelope from it. Its Bcc
 * fields are not passed on: whom they name is told by the envelope, and to nobody else.
 */
final class HeaderAhead {
    private final MessageHeader header;
    private final InputStream message;

    private HeaderAhead(MessageHeader header, InputStream message) {
        this.header = header;
        this.message = message;
    }

    /**
     * Reads up to the end of the header.
     *
     * @param most octets of it
     */
    static HeaderAhead read(InputStream in, long most) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(4096);
        boolean lineBegun = false;
        boolean ended = false;
        while (!ended) {
            int b = in.read();
            if (b == '\n') {
                if (lineBegun) {
                    octets.write('\r');
                    octets.write('\n');
                }
                ended = !lineBegun;
                lineBegun = false;
            } else if (b >= 0 && b != '\r') {
                octets.write(b);
                lineBegun = true;
            }
            ended |= b < 0;
            if (octets.size() > most) {
                throw HttpProblem.of(413, "The header is larger than " + most + " octets.");
            }
        }
        try {
            MessageHeader header =
                    MessageHeader.of(octets.toByteArray(), MessageHeader.End.EMPTY_LINE);
            ByteArrayOutputStream kept = new ByteArrayOutputStream(octets.size() + 2);
            for (HeaderField field : header.without(one -> one.is("Bcc")).fields()) {
                kept.writeBytes(field.octets());
            }
            kept.write('\r');
            kept.write('\n');
            return new HeaderAhead(
                    header,
                    new SequenceInputStream(new ByteArrayInputStream(kept.toByteArray()), in));
        } catch (IllegalArgumentException e) {
            throw HttpProblem.of(
                    422, "The message has no header to take the envelope from: give from and to.");
        }
    }

    /** The message without its Bcc fields. */
    InputStream message() {
        return message;
    }

    /** RFC 5321 says nothing of it, RFC 5322 section 3.6.2 that Sender is who sends. */
    EmailAddress sender() {
        return header.first("Sender")
                .flatMap(field -> Mailboxes.parse(field.value()))
                .filter(addresses -> addresses.size() == 1)
                .map(List::getFirst)
                .or(() -> Mailboxes.author(header))
                .orElseThrow(() ->
                        HttpProblem.of(
                                422, "The From field has to name one address, or give from."));
    }

    List<EmailAddress> recipients() {
        List<EmailAddress> all = new ArrayList<>();
        for (String name : List.of("To", "Cc", "Bcc")) {
            for (HeaderField field : header.all(name)) {
                all.addAll(
                        Mailboxes.parse(field.value())
                                .orElseThrow(() ->
                                        HttpProblem.of(
                                                422,
                                                "The field "
                                                        + name
                                                        + " holds something that is no address.")));
            }
        }
        return all;
    }
}
