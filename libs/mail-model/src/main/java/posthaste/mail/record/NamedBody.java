package posthaste.mail.record;

import java.util.Optional;

/**
 * The body that a record names, and the envelope that is stored beside it.
 *
 * @param envelope of the whole mail, or of the job
 */
public record NamedBody(EncodedEnvelope envelope, BodyRef body) {

    /** Empty for an event, which names none. */
    public static Optional<NamedBody> of(MailRecord record) {
        return switch (record) {
            case Job job -> Optional.of(new NamedBody(job.envelope(), job.body()));
            case Split split -> Optional.of(new NamedBody(split.envelope(), split.body()));
            case Notice notice -> Optional.of(new NamedBody(notice.envelope(), notice.body()));
            case QuarantineOrder(Job job, _, _, _, _) ->
                    Optional.of(new NamedBody(job.envelope(), job.body()));
            case Event _ -> Optional.empty();
        };
    }

    /** The same record, its body in another place. */
    public static MailRecord moved(MailRecord record, BodyRef to) {
        return switch (record) {
            case Job job -> job.withBody(to);
            case Split split -> new Split(split.envelope(), to);
            case Notice notice -> notice.withBody(to);
            case QuarantineOrder order ->
                    new QuarantineOrder(
                            order.job().withBody(to),
                            order.action(),
                            order.operator(),
                            order.reason(),
                            order.at());
            case Event event -> event;
        };
    }
}
