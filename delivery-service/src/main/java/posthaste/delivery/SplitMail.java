package posthaste.delivery;

import java.time.InstantSource;
import java.util.List;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Split;
import posthaste.mail.record.Topics;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.Settlement;
import posthaste.service.engine.BodyKeeping;
import posthaste.service.flow.PoisonException;

/** Makes jobs of a mail for several destinations: always the same ones, also after a crash. */
final class SplitMail {
    private final BodyKeeping bodies;
    private final InstantSource clock;

    SplitMail(BodyKeeping bodies, InstantSource clock) {
        this.bodies = bodies;
        this.clock = clock;
    }

    /** Settles the split by its jobs; a body that has grown old on the topic is copied first. */
    Settlement intoJobs(Split split)
            throws PoisonException, PartUnavailableException, InterruptedException {
        BodyRef body = bodies.bodyFor(split.envelope(), split.body(), clock.instant());
        String topic = Topics.outbound(split.envelope().envelope().stream());
        List<OutgoingRecord> jobs =
                new Split(split.envelope(), body)
                        .jobs().stream()
                                .map(job -> new OutgoingRecord(topic, job.domain(), job))
                                .toList();
        return Settlement.of(jobs);
    }
}
