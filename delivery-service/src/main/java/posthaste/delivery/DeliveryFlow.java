package posthaste.delivery;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.dsl.IntegrationFlow;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Notice;
import posthaste.mail.record.QuarantineOrder;
import posthaste.mail.record.Split;
import posthaste.queue.QueuedRecord;
import posthaste.service.engine.Attempted;
import posthaste.service.engine.FirstStopStep;
import posthaste.service.engine.JobAttempt;
import posthaste.service.engine.JobSettlement;
import posthaste.service.flow.PoisonException;
import posthaste.service.flow.Step;

/**
 * The front door of delivery-service: a record of {@code mail.outbound.<stream>} comes in, what
 * settles it goes out. A split becomes its jobs, on the same topic; a job that is to stop elsewhere
 * first goes there untried; any other is tried once and is then delivered, deferred to the first
 * tier, or told to the bounce-service. Holds invariant 4: nothing here waits for a destination
 * longer than the attempt budget.
 */
@Configuration(proxyBeanMethods = false)
public class DeliveryFlow {

    private enum Way {
        INTO_JOBS,
        FIRST_STOP,
        ATTEMPT,
        ASTRAY
    }

    /** Where the records of all streams come in, on the thread that handles them. */
    @Bean
    DirectChannel outboundRecords() {
        return new DirectChannel();
    }

    @Bean
    IntegrationFlow delivery(
            DirectChannel outboundRecords,
            SplitMail splitMail,
            FirstStopStep firstStop,
            JobAttempt deliveryAttempt,
            JobSettlement settlement) {
        return IntegrationFlow.from(outboundRecords)
                .handle(Step.of(QueuedRecord.class, QueuedRecord::content))
                .route(
                        MailRecord.class,
                        record -> way(record, firstStop),
                        way ->
                                way.subFlowMapping(Way.INTO_JOBS, intoJobs(splitMail))
                                        .subFlowMapping(Way.FIRST_STOP, toIts(firstStop))
                                        .subFlowMapping(
                                                Way.ATTEMPT, tryOnce(deliveryAttempt, settlement))
                                        .subFlowMapping(Way.ASTRAY, setAside()))
                .get();
    }

    private static IntegrationFlow intoJobs(SplitMail splitMail) {
        return split -> split.handle(Step.of(Split.class, splitMail::intoJobs));
    }

    private static IntegrationFlow toIts(FirstStopStep firstStop) {
        return job -> job.handle(Step.of(Job.class, firstStop::settle));
    }

    private static IntegrationFlow tryOnce(JobAttempt attempt, JobSettlement settlement) {
        return job ->
                job.handle(Step.of(Job.class, attempt::attempt))
                        .handle(Step.of(Attempted.class, settlement::settle));
    }

    private static IntegrationFlow setAside() {
        return other -> other.handle(Step.of(MailRecord.class, DeliveryFlow::refuse));
    }

    private static Way way(MailRecord record, FirstStopStep firstStop) {
        return switch (record) {
            case Split _ -> Way.INTO_JOBS;
            case Job job -> firstStop.isPassed(job) ? Way.ATTEMPT : Way.FIRST_STOP;
            case Notice _, Event _, QuarantineOrder _ -> Way.ASTRAY;
        };
    }

    private static Object refuse(MailRecord record) throws PoisonException {
        throw new PoisonException(
                "a " + record.getClass().getSimpleName() + " has no place on an outbound topic");
    }
}
