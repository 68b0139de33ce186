package posthaste.mail.record;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
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
                        .setMessageId(envelope.messageId().orElse(""));
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
                given(in.getMessageId()));
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
