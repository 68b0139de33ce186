package posthaste.fallback;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.dsl.IntegrationFlow;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
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
 * The front door of fallback-service: a job that is due comes in from {@code mail.deferred.<tier>},
 * what settles it goes out: delivered, on the next tier, or told to the bounce-service as refused
 * or expired. One that is held until a time goes from tier to tier untried until then. Holds
 * invariant 8: only a real attempt ends a mail, however old it is. A job whose last attempt was
 * ambiguous has waited its tier like any other before it comes here.
 */
@Configuration(proxyBeanMethods = false)
public class FallbackFlow {

    /**
     * Where the records of all tiers come in once they are due, on the thread that handles them.
     */
    @Bean
    DirectChannel dueRecords() {
        return new DirectChannel();
    }

    @Bean
    IntegrationFlow fallback(
            DirectChannel dueRecords,
            FirstStopStep firstStop,
            JobAttempt fallbackAttempt,
            JobSettlement settlement) {
        return IntegrationFlow.from(dueRecords)
                .handle(Step.of(QueuedRecord.class, FallbackFlow::job))
                .route(
                        Job.class,
                        firstStop::isPassed,
                        passed ->
                                passed.subFlowMapping(true, tryAgain(fallbackAttempt, settlement))
                                        .subFlowMapping(false, holdOn(firstStop)))
                .get();
    }

    private static IntegrationFlow tryAgain(JobAttempt attempt, JobSettlement settlement) {
        return job ->
                job.handle(Step.of(Job.class, attempt::attempt))
                        .handle(Step.of(Attempted.class, settlement::settle));
    }

    private static IntegrationFlow holdOn(FirstStopStep firstStop) {
        return job -> job.handle(Step.of(Job.class, firstStop::settle));
    }

    private static Job job(QueuedRecord record) throws PoisonException {
        return switch (record.content()) {
            case Job job -> job;
            case Split _, Notice _, Event _, QuarantineOrder _ ->
                    throw new PoisonException(
                            "a "
                                    + record.content().getClass().getSimpleName()
                                    + " has no place on a delay tier");
        };
    }
}
