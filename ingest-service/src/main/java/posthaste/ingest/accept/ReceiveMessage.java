package posthaste.ingest.accept;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import posthaste.body.BodyStore;
import posthaste.body.BodyWriter;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.ingest.message.HeaderField;
import posthaste.ingest.message.MessageHeader;
import posthaste.ingest.policy.HeaderLimits;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Stream;

/**
 * Step 1: reads the message into the body store, our Received field on top, the bytes below exactly
 * as they were submitted (DESIGN 3, invariant 6), but for what {@link Tidying} is told to leave
 * out.
 */
public final class ReceiveMessage {
    /** Bounds what goes into the envelope; a longer Message-ID is not remembered. */
    private static final int MESSAGE_ID_LIMIT = 998;

    private final BodyStore store;
    private final MemoryBudget memory;
    private final ReceivedField receivedField;
    private final HeaderLimits limits;
    private final SubmissionPolicy policy;
    private final Tidying tidying;
    private final Signers signers;
    private final StreamOfMail streams;
    private final Duration memoryWait;
    private final Duration acceptanceDeadline;

    /**
     * Takes its limits from configuration.
     *
     * @param memory of which headers take their share
     * @param policy is asked about the header
     * @param tidying of first submissions
     * @param signers tells which mails are signed
     * @param streams tells which stream a mail goes into
     * @param memoryWait how long a message may wait for memory at each step
     * @param acceptanceDeadline from the end of the message to the reply
     */
    public ReceiveMessage(
            BodyStore store,
            MemoryBudget memory,
            ReceivedField receivedField,
            HeaderLimits limits,
            SubmissionPolicy policy,
            Tidying tidying,
            Signers signers,
            StreamOfMail streams,
            Duration memoryWait,
            Duration acceptanceDeadline) {
        this.store = store;
        this.memory = memory;
        this.receivedField = receivedField;
        this.limits = limits;
        this.policy = policy;
        this.tidying = tidying;
        this.signers = signers;
        this.streams = streams;
        this.memoryWait = memoryWait;
        this.acceptanceDeadline = acceptanceDeadline;
    }

    /**
     * Reads to the end of the message.
     *
     * @throws Refusal after the end of the message
     * @throws IOException when the client went away before it
     */
    public ReceivedMail receive(IncomingMail mail) throws IOException {
        HeaderReader reader = new HeaderReader(limits, memory, memoryWait);
        BodyWriter body = new HeldBody(store.begin(Generation.PRIMARY, memoryWait), reader);
        boolean received = false;
        try {
            Arrival arrival = new Arrival(body, reader, header -> judged(mail, header));
            mail.message().readTo(arrival);
            Arrival.Taken taken = arrival.finish();
            received = true;
            return new ReceivedMail(
                    mail.envelope()
                            .in(streams.of(mail, taken.header()))
                            .withMessage(messageId(taken), taken.added()),
                    mail.submitter(),
                    taken.header(),
                    taken.signing(),
                    body,
                    Deadline.in(acceptanceDeadline));
        } finally {
            if (!received) {
                body.close();
            }
        }
    }

    private Arrival.Taken judged(IncomingMail mail, MessageHeader header) {
        Stream _ = streams.of(mail, header);
        Envelope envelope = mail.envelope();
        Submission submission =
                new Submission(mail.submitter(), envelope.reversePath(), 0, envelope.recipients());
        policy.header(submission, header)
                .ifPresent(reply -> {
                    throw new Refusal(reply);
                });
        MessageHeader kept = tidying.kept(mail, header);
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        stored.writeBytes(receivedField.of(mail));
        kept.fields().forEach(field -> stored.writeBytes(field.octets()));
        return new Arrival.Taken(
                stored.toByteArray(), kept, tidying.added(mail, header), signers.begin(mail, kept));
    }

    /** For the search: the value of the first Message-ID field, if there is one to speak of. */
    private static Optional<String> messageId(Arrival.Taken taken) {
        return taken.header()
                .first("Message-ID")
                .or(() -> MessageHeader.of(taken.added()).first("Message-ID"))
                .filter(field -> field.length() <= MESSAGE_ID_LIMIT)
                .map(HeaderField::visibleValue)
                .filter(value -> !value.isEmpty());
    }
}
