package posthaste.mail.record;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Stream;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.outcome.Conversation;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/** Between {@link MailRecord} and the value of a record on a topic. */
public final class RecordCodec {
    /** The newest major version that can be read. */
    public static final int MAJOR = 3;

    /** The version of a mail that any reader carries rightly. */
    private static final int ORDINARY = 1;

    /**
     * The version of a mail that is to be carried otherwise: an older reader would try at once what
     * is to be held, send in clear what may not be, and leave off the fields that were added.
     */
    private static final int HANDLED = 2;

    /**
     * The version of an event that tells what came back later: an older reader would take its kind
     * for damage.
     */
    private static final int LATER = 3;

    private RecordCodec() {}

    public static byte[] encode(MailRecord record) {
        Wire.Record.Builder out = Wire.Record.newBuilder().setMajor(major(record));
        switch (record) {
            case Job job -> out.setJob(encodeJob(job));
            case Split split ->
                    out.setSplit(
                            Wire.Split.newBuilder()
                                    .setEnvelope(split.envelope().bytes())
                                    .setBody(encodeBody(split.body())));
            case Notice notice -> out.setNotice(encodeNotice(notice));
            case Event event -> out.setEvent(encodeEvent(event));
            case QuarantineOrder order ->
                    out.setQuarantineOrder(
                            Wire.QuarantineOrder.newBuilder()
                                    .setJob(encodeJob(order.job()))
                                    .setAction(
                                            switch (order.action()) {
                                                case RELEASE -> Wire.QuarantineOrder.Action.RELEASE;
                                                case REMOVE -> Wire.QuarantineOrder.Action.REMOVE;
                                            })
                                    .setOperator(order.operator())
                                    .setReason(order.reason())
                                    .setAtMs(order.at().toEpochMilli()));
        }
        return out.build().toByteArray();
    }

    /**
     * Reads what {@link #encode} made.
     *
     * @throws UnreadableRecordException when no version of ours wrote it
     * @throws NewerRecordException when a newer version of ours did
     */
    public static MailRecord decode(byte[] value)
            throws UnreadableRecordException, NewerRecordException {
        Wire.Record in;
        try {
            in = Wire.Record.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableRecordException("the record is not of our format", e);
        }
        if (in.getMajor() > MAJOR) {
            throw new NewerRecordException(in.getMajor());
        }
        try {
            return switch (in.getContentCase()) {
                case JOB -> decodeJob(in.getJob());
                case SPLIT ->
                        new Split(
                                EncodedEnvelope.read(in.getSplit().getEnvelope()),
                                decodeBody(in.getSplit().getBody()));
                case NOTICE -> decodeNotice(in.getNotice());
                case EVENT -> decodeEvent(in.getEvent());
                case QUARANTINE_ORDER -> decodeOrder(in.getQuarantineOrder());
                case CONTENT_NOT_SET ->
                        throw new UnreadableRecordException("the record has no content");
            };
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException(
                    "a field of the record is not what it must be: " + e.getMessage(), e);
        }
    }

    private static int major(MailRecord record) {
        if (record instanceof Event event
                && event.entries().stream().anyMatch(entry -> entry.kind().cameBack())) {
            return LATER;
        }
        return NamedBody.of(record)
                .map(named -> named.envelope().envelope())
                .filter(envelope ->
                        !envelope.handling().equals(Handling.ORDINARY)
                                || !envelope.addedFields().isEmpty())
                .map(_ -> HANDLED)
                .orElse(ORDINARY);
    }

    private static Wire.Job encodeJob(Job job) {
        return Wire.Job.newBuilder()
                .setId(job.id())
                .setEnvelope(job.envelope().bytes())
                .setBody(encodeBody(job.body()))
                .addAllPending(job.pending())
                .setAttempts(job.attempts())
                .setTier(job.tier())
                .setDerived(job.derived())
                .setDelayWarned(job.delayWarned())
                .build();
    }

    private static Job decodeJob(Wire.Job in) throws UnreadableRecordException {
        return new Job(
                in.getId(),
                EncodedEnvelope.read(in.getEnvelope()),
                decodeBody(in.getBody()),
                in.getPendingList(),
                in.getAttempts(),
                in.getTier(),
                in.getDerived(),
                in.getDelayWarned());
    }

    private static QuarantineOrder decodeOrder(Wire.QuarantineOrder in)
            throws UnreadableRecordException {
        return new QuarantineOrder(
                decodeJob(in.getJob()),
                switch (in.getAction()) {
                    case RELEASE -> QuarantineOrder.Action.RELEASE;
                    case REMOVE -> QuarantineOrder.Action.REMOVE;
                    case NOT_GIVEN, UNRECOGNIZED ->
                            throw new IllegalArgumentException("unknown order");
                },
                in.getOperator(),
                in.getReason(),
                Instant.ofEpochMilli(in.getAtMs()));
    }

    private static Wire.BodyRef encodeBody(BodyRef body) {
        return Wire.BodyRef.newBuilder()
                .setKey(body.key())
                .setOffset(body.offset())
                .setLength(body.length())
                .setCrc32C(body.crc32c())
                .build();
    }

    private static BodyRef decodeBody(Wire.BodyRef in) {
        return new BodyRef(in.getKey(), in.getOffset(), in.getLength(), in.getCrc32C());
    }

    private static Wire.Notice encodeNotice(Notice notice) {
        Wire.Notice.Builder out =
                Wire.Notice.newBuilder()
                        .setId(notice.id())
                        .setEnvelope(notice.envelope().bytes())
                        .setBody(encodeBody(notice.body()))
                        .setDecidedAtMs(notice.decidedAt().toEpochMilli())
                        .setCausedAtMs(notice.causedAt().toEpochMilli());
        for (Notice.Entry entry : notice.entries()) {
            Wire.Notice.Entry.Builder e =
                    out.addEntriesBuilder()
                            .setRecipient(entry.recipient())
                            .setAction(
                                    switch (entry.action()) {
                                        case FAILED -> Wire.Notice.Action.FAILED;
                                        case EXPIRED -> Wire.Notice.Action.EXPIRED;
                                        case DELAYED -> Wire.Notice.Action.DELAYED;
                                        case RELAYED -> Wire.Notice.Action.RELAYED;
                                    })
                            .setStatus(entry.status().toString())
                            .setReason(entry.reason())
                            .setRemoteHost(entry.remoteHost())
                            .setWillRetryUntilMs(encodeInstant(entry.willRetryUntil()));
            entry.reply().ifPresent(reply -> e.setReply(encodeReply(reply)));
        }
        return out.build();
    }

    private static Notice decodeNotice(Wire.Notice in) throws UnreadableRecordException {
        return new Notice(
                in.getId(),
                EncodedEnvelope.read(in.getEnvelope()),
                decodeBody(in.getBody()),
                Instant.ofEpochMilli(in.getDecidedAtMs()),
                decodeInstant(in.getCausedAtMs()).orElse(Instant.ofEpochMilli(in.getDecidedAtMs())),
                in.getEntriesList().stream()
                        .map(e ->
                                new Notice.Entry(
                                        e.getRecipient(),
                                        decodeAction(e.getAction()),
                                        EnhancedStatusCode.parse(e.getStatus()),
                                        decodeReply(e.hasReply(), e.getReply()),
                                        e.getReason(),
                                        e.getRemoteHost(),
                                        decodeInstant(e.getWillRetryUntilMs())))
                        .toList());
    }

    private static Notice.Action decodeAction(Wire.Notice.Action action) {
        return switch (action) {
            case FAILED -> Notice.Action.FAILED;
            case EXPIRED -> Notice.Action.EXPIRED;
            case DELAYED -> Notice.Action.DELAYED;
            case RELAYED -> Notice.Action.RELAYED;
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown action");
        };
    }

    private static Wire.Event encodeEvent(Event event) {
        Wire.Event.Builder out =
                Wire.Event.newBuilder()
                        .setMailId(event.mailId().value())
                        .setAtMs(event.at().toEpochMilli())
                        .setStream(event.stream().map(Stream::name).orElse(""));
        event.attempt().ifPresent(attempt -> out.setAttempt(encodeAttempt(attempt)));
        for (Event.Entry entry : event.entries()) {
            Wire.Event.Entry.Builder e =
                    out.addEntriesBuilder()
                            .setRecipient(entry.recipient())
                            .setKind(encodeKind(entry.kind()))
                            .setStatus(entry.status().toString())
                            .setReason(entry.reason())
                            .setNextAttemptAtMs(encodeInstant(entry.nextAttemptAt()))
                            .setAmbiguous(entry.ambiguous())
                            .setDsnId(entry.dsnId().map(MailId::value).orElse(""));
            entry.reply().ifPresent(reply -> e.setReply(encodeReply(reply)));
        }
        return out.build();
    }

    private static Event decodeEvent(Wire.Event in) {
        List<Event.Entry> entries =
                in.getEntriesList().stream()
                        .map(e ->
                                new Event.Entry(
                                        e.getRecipient(),
                                        decodeKind(e.getKind()),
                                        EnhancedStatusCode.parse(e.getStatus()),
                                        decodeReply(e.hasReply(), e.getReply()),
                                        e.getReason(),
                                        decodeInstant(e.getNextAttemptAtMs()),
                                        e.getAmbiguous(),
                                        EnvelopeCodec.given(e.getDsnId()).map(MailId::new)))
                        .toList();
        return new Event(
                new MailId(in.getMailId()),
                Instant.ofEpochMilli(in.getAtMs()),
                in.hasAttempt() ? Optional.of(decodeAttempt(in.getAttempt())) : Optional.empty(),
                entries,
                EnvelopeCodec.given(in.getStream()).map(Stream::new));
    }

    private static Wire.Event.Attempt encodeAttempt(Event.Attempt attempt) {
        AttemptDetails details = attempt.details();
        return Wire.Event.Attempt.newBuilder()
                .setNumber(attempt.number())
                .setJobId(attempt.jobId())
                .setInstance(attempt.instance())
                .setDestination(details.destination())
                .setSourceAddress(details.sourceAddress())
                .setRemoteHost(details.remoteHost())
                .setRemoteAddress(details.remoteAddress())
                .setTls(details.tls())
                .setStartedAtMs(details.startedAt().toEpochMilli())
                .setDurationMs(details.duration().toMillis())
                .setConversation(details.conversation().toString())
                .build();
    }

    private static Event.Attempt decodeAttempt(Wire.Event.Attempt in) {
        return new Event.Attempt(
                in.getNumber(),
                in.getJobId(),
                in.getInstance(),
                new AttemptDetails(
                        in.getDestination(),
                        in.getSourceAddress(),
                        in.getRemoteHost(),
                        in.getRemoteAddress(),
                        in.getTls(),
                        Instant.ofEpochMilli(in.getStartedAtMs()),
                        Duration.ofMillis(in.getDurationMs()),
                        in.getConversation().isEmpty()
                                ? Conversation.NONE
                                : Conversation.parse(in.getConversation())));
    }

    private static Wire.Event.Kind encodeKind(Event.Kind kind) {
        return switch (kind) {
            case DELIVERED -> Wire.Event.Kind.DELIVERED;
            case DEFERRED -> Wire.Event.Kind.DEFERRED;
            case FAILED -> Wire.Event.Kind.FAILED;
            case BOUNCED -> Wire.Event.Kind.BOUNCED;
            case EXPIRED -> Wire.Event.Kind.EXPIRED;
            case DELAY_WARNED -> Wire.Event.Kind.DELAY_WARNED;
            case REMOVED -> Wire.Event.Kind.REMOVED;
            case REQUEUED -> Wire.Event.Kind.REQUEUED;
            case QUARANTINED -> Wire.Event.Kind.QUARANTINED;
            case RETURNED -> Wire.Event.Kind.RETURNED;
            case DELAY_REPORTED -> Wire.Event.Kind.DELAY_REPORTED;
            case CONFIRMED -> Wire.Event.Kind.CONFIRMED;
            case COMPLAINED -> Wire.Event.Kind.COMPLAINED;
            case REPLIED -> Wire.Event.Kind.REPLIED;
        };
    }

    private static Event.Kind decodeKind(Wire.Event.Kind kind) {
        return switch (kind) {
            case DELIVERED -> Event.Kind.DELIVERED;
            case DEFERRED -> Event.Kind.DEFERRED;
            case FAILED -> Event.Kind.FAILED;
            case BOUNCED -> Event.Kind.BOUNCED;
            case EXPIRED -> Event.Kind.EXPIRED;
            case DELAY_WARNED -> Event.Kind.DELAY_WARNED;
            case REMOVED -> Event.Kind.REMOVED;
            case REQUEUED -> Event.Kind.REQUEUED;
            case QUARANTINED -> Event.Kind.QUARANTINED;
            case RETURNED -> Event.Kind.RETURNED;
            case DELAY_REPORTED -> Event.Kind.DELAY_REPORTED;
            case CONFIRMED -> Event.Kind.CONFIRMED;
            case COMPLAINED -> Event.Kind.COMPLAINED;
            case REPLIED -> Event.Kind.REPLIED;
            case UNKNOWN, UNRECOGNIZED ->
                    throw new IllegalArgumentException("unknown kind of event");
        };
    }

    private static Wire.Reply encodeReply(Reply reply) {
        return Wire.Reply.newBuilder().setCode(reply.code()).setText(reply.text()).build();
    }

    private static Optional<Reply> decodeReply(boolean present, Wire.Reply in) {
        return present ? Optional.of(new Reply(in.getCode(), in.getText())) : Optional.empty();
    }

    private static long encodeInstant(Optional<Instant> instant) {
        return instant.map(Instant::toEpochMilli).orElse(0L);
    }

    private static Optional<Instant> decodeInstant(long millis) {
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
