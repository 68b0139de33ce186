package posthaste.bounce.returned;

import posthaste.bounce.inbound.InboundReport;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.record.Job;

/**
 * A report that was read.
 *
 * @param job as it was accepted
 * @param content what it tells of recipients
 * @param isDelayOnly whether all that it tells is that mail is held up so far
 * @param traces what in it leads back to a mail of ours
 */
record Report(Job job, InboundReport content, boolean isDelayOnly, Traces traces) {

    /** As the report itself came in. */
    Envelope envelope() {
        return job.envelope().envelope();
    }
}
