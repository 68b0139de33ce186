package posthaste.mail.record;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.DeliverBy;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Notify;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;

/** Between {@link Envelope} and its wire form. */
final class EnvelopeCodec {
    private EnvelopeCodec() {}

    static Wire.Envelope encode(Envelope envelope) {
        Wire.Envelope.Builder out =
                Wire.Envelope.newBuilder()
                        .setId(envelope.id().value())
                        .setStream(envelope.stream().name())
                        .setReversePath(envelope.reversePath().toString())
                        .setRet(
                                switch (envelope.ret()) {
                                    case NOT_GIVEN -> Wire.Envelope.Ret.RET_NOT_GIVEN;
                                    case FULL -> Wire.Envelope.Ret.RET_FULL;
                                    case HDRS -> Wire.Envelope.Ret.RET_HDRS;
                                })
                        .setEnvid(envelope.envid().orElse(""))
                        .setBodyType(
                                switch (envelope.bodyType()) {
                                    case SEVEN_BIT -> Wire.Envelope.BodyType.SEVEN_BIT;
                                    case EIGHT_BIT_MIME -> Wire.Envelope.BodyType.EIGHT_BIT_MIME;
                                })
                        .setSmtpUtf8(envelope.smtpUtf8())
                        .setClientAddress(envelope.client().address())
                        .setClientHelo(envelope.client().helo())
                        .setClientLogin(envelope.client().login().orElse(""))
                        .setMessageId(envelope.messageId().orElse(""))
                        .setAddedFields(envelope.addedFields());
        encode(envelope.handling(), out);
        for (Recipient recipient : envelope.recipients()) {
            out.addRecipients(
                    Wire.Recipient.newBuilder()
                            .setAddress(recipient.address().toString())
                            .setNotify(bits(recipient.notification()))
                            .setOrcpt(recipient.orcpt().orElse("")));
        }
        return out.build();
    }

    /**
     * Reads what {@link #encode} made.
     *
     * @throws IllegalArgumentException when a field is not what it must be
     */
    static Envelope decode(Wire.Envelope in) {
        return new Envelope(
                new MailId(in.getId()),
                new Stream(in.getStream()),
                in.getReversePath().isEmpty()
                        ? ReversePath.NULL
                        : new ReversePath.From(EmailAddress.of(in.getReversePath())),
                decodeRecipients(in.getRecipientsList()),
                switch (in.getRet()) {
                    case RET_FULL -> Ret.FULL;
                    case RET_HDRS -> Ret.HDRS;
                    case RET_NOT_GIVEN, UNRECOGNIZED -> Ret.NOT_GIVEN;
                },
                given(in.getEnvid()),
                in.getBodyType() == Wire.Envelope.BodyType.EIGHT_BIT_MIME
                        ? BodyType.EIGHT_BIT_MIME
                        : BodyType.SEVEN_BIT,
                in.getSmtpUtf8(),
                new Client(in.getClientAddress(), in.getClientHelo(), given(in.getClientLogin())),
                given(in.getMessageId()),
                handling(in),
                in.getAddedFields());
    }

    private static void encode(Handling handling, Wire.Envelope.Builder out) {
        switch (handling.firstStop()) {
            case FirstStop.Attempt() -> {}
            case FirstStop.Fallback() -> out.setFallback(true);
            case FirstStop.Hold(Instant until) -> out.setHoldUntilMs(until.toEpochMilli());
            case FirstStop.Quarantine(String reason) -> out.setQuarantine(reason);
        }
        out.setRequireTls(handling.requireTls());
        handling.deliverBy()
                .ifPresent(by ->
                        out.setDeliverBy(
                                Wire.Envelope.DeliverBy.newBuilder()
                                        .setDeadlineMs(by.deadline().toEpochMilli())
                                        .setMode(
                                                switch (by.mode()) {
                                                    case RETURN ->
                                                            Wire.Envelope.DeliverBy.Mode.RETURN;
                                                    case NOTIFY ->
                                                            Wire.Envelope.DeliverBy.Mode.NOTIFY;
                                                })
                                        .setTrace(by.trace())));
    }

    private static Handling handling(Wire.Envelope in) {
        FirstStop firstStop =
                switch (in.getFirstStopCase()) {
                    case FALLBACK -> new FirstStop.Fallback();
                    case HOLD_UNTIL_MS ->
                            new FirstStop.Hold(Instant.ofEpochMilli(in.getHoldUntilMs()));
                    case QUARANTINE -> new FirstStop.Quarantine(in.getQuarantine());
                    case FIRSTSTOP_NOT_SET -> new FirstStop.Attempt();
                };
        return new Handling(
                firstStop,
                in.getRequireTls(),
                in.hasDeliverBy() ? Optional.of(deliverBy(in.getDeliverBy())) : Optional.empty());
    }

    private static DeliverBy deliverBy(Wire.Envelope.DeliverBy in) {
        return new DeliverBy(
                Instant.ofEpochMilli(in.getDeadlineMs()),
                in.getMode() == Wire.Envelope.DeliverBy.Mode.RETURN
                        ? DeliverBy.Mode.RETURN
                        : DeliverBy.Mode.NOTIFY,
                in.getTrace());
    }

    static Optional<String> given(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    private static List<Recipient> decodeRecipients(List<Wire.Recipient> in) {
        return in.stream()
                .map(recipient ->
                        new Recipient(
                                EmailAddress.of(recipient.getAddress()),
                                notification(recipient.getNotify()),
                                given(recipient.getOrcpt())))
                .toList();
    }

    private static int bits(Notify notify) {
        return notify.conditions().stream().mapToInt(EnvelopeCodec::bit).sum();
    }

    private static Notify notification(int bits) {
        Set<Notify.Condition> conditions = EnumSet.allOf(Notify.Condition.class);
        conditions.removeIf(condition -> (bits & bit(condition)) == 0);
        return new Notify(conditions);
    }

    private static int bit(Notify.Condition condition) {
        return switch (condition) {
            case NEVER -> 1;
            case SUCCESS -> 2;
            case FAILURE -> 4;
            case DELAY -> 8;
        };
    }
}
