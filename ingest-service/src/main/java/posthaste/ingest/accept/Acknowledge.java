package posthaste.ingest.accept;

import posthaste.mail.status.Reply;

/** Step 5: the {@code 250} that makes the mail ours. */
public final class Acknowledge {
    private final AcceptanceMetrics metrics;

    public Acknowledge(AcceptanceMetrics metrics) {
        this.metrics = metrics;
    }

    public Reply acknowledge(QueuedMail mail) {
        metrics.accepted(mail);
        return new Reply(250, "2.0.0 queued as " + mail.id());
    }
}
