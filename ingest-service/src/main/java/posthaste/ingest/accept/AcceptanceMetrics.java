package posthaste.ingest.accept;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import posthaste.mail.status.Reply;

/** What became of the mails whose message was read. */
public final class AcceptanceMetrics {
    private static final String MAILS = "posthaste.ingest.mails";

    private final Counter accepted;
    private final Counter refusedForNow;
    private final Counter refused;
    private final Counter outcomeUnknown;
    private final Counter aborted;
    private final Counter failed;
    private final Counter octets;
    private final Timer timeToAccept;

    public AcceptanceMetrics(MeterRegistry registry) {
        accepted = mails(registry, "accepted");
        refusedForNow = mails(registry, "refused-4xx");
        refused = mails(registry, "refused-5xx");
        outcomeUnknown = mails(registry, "outcome-unknown");
        aborted = mails(registry, "aborted");
        failed = mails(registry, "failed");
        octets =
                Counter.builder("posthaste.ingest.accepted")
                        .description("Octets of accepted bodies")
                        .baseUnit("bytes")
                        .register(registry);
        timeToAccept =
                Timer.builder("posthaste.ingest.time.to.accept")
                        .description("From the final dot to the 250")
                        .publishPercentileHistogram()
                        .register(registry);
    }

    void accepted(QueuedMail mail) {
        accepted.increment();
        octets.increment((double) mail.octets());
        timeToAccept.record(mail.deadline().elapsed());
    }

    /** A mail was refused after its message had been read. */
    public void refused(Reply reply) {
        if (reply.equals(Refusal.outcomeUnknown().reply())) {
            outcomeUnknown.increment();
        } else if (reply.code() < 500) {
            refusedForNow.increment();
        } else {
            refused.increment();
        }
    }

    /** The client went away, or was sent away, before the end of the message. */
    public void aborted() {
        aborted.increment();
    }

    /** An error of ours: to be looked at. */
    public void failed() {
        failed.increment();
    }

    private static Counter mails(MeterRegistry registry, String outcome) {
        return Counter.builder(MAILS)
                .description("Mails whose message was read, by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }
}
