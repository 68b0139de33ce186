package posthaste.ingest.accept;

import java.util.List;
import posthaste.ingest.message.HeaderField;
import posthaste.ingest.message.MessageHeader;
import posthaste.ingest.policy.StreamChoice;
import posthaste.mail.envelope.Stream;

/** Puts a mail into its stream, by the field of its header that may name one. */
public final class StreamOfMail {
    private final StreamChoice choice;
    private final String field;

    public StreamOfMail(StreamChoice choice, String field) {
        this.choice = choice;
        this.field = field;
    }

    /**
     * The stream.
     *
     * @throws Refusal when the mail names one that it cannot have
     */
    Stream of(IncomingMail mail, MessageHeader header) {
        List<String> named = header.all(field).stream().map(HeaderField::visibleValue).toList();
        return switch (choice.of(mail.submitter(), mail.envelope().stream(), named)) {
            case StreamChoice.Choice.Into(Stream stream) -> stream;
            case StreamChoice.Choice.Refused refused -> throw new Refusal(refused.reply());
        };
    }
}
