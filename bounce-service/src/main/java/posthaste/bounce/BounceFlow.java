package posthaste.bounce;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.dsl.IntegrationFlow;
import posthaste.bounce.dsn.Audience;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.Notice;
import posthaste.mail.record.QuarantineOrder;
import posthaste.mail.record.Split;
import posthaste.queue.QueuedRecord;
import posthaste.service.flow.PoisonException;
import posthaste.service.flow.Step;

/**
 * The front door of the first half of bounce-service: a notice of {@code mail.bounce} comes in;
 * what settles it goes out: a mail to the sender, unless nobody is to be told, and the end of each
 * recipient's story. Holds invariant 2: each recipient ends in exactly one recorded outcome; and
 * invariant 3: a notice that a crash repeats leads to the same ids.
 */
@Configuration(proxyBeanMethods = false)
public class BounceFlow {

    /** Where the records of {@code mail.bounce} come in, on the thread that handles them. */
    @Bean
    DirectChannel bounceNotices() {
        return new DirectChannel();
    }

    @Bean
    IntegrationFlow bounce(
            DirectChannel bounceNotices,
            Backscatter backscatter,
            DsnMaker dsnMaker,
            CountAnswer countAnswer,
            BounceSettlement bounceSettlement) {
        return IntegrationFlow.from(bounceNotices)
                .handle(Step.of(QueuedRecord.class, BounceFlow::takeNotice))
                .handle(Step.of(Notice.class, Audience::of))
                .handle(Step.of(Audience.class, backscatter::screened))
                .handle(Step.of(Audience.class, dsnMaker::answer))
                .handle(Step.of(Answer.class, countAnswer::counted))
                .handle(Step.of(Answer.class, bounceSettlement::settle))
                .get();
    }

    private static Notice takeNotice(QueuedRecord record) throws PoisonException {
        return switch (record.content()) {
            case Notice notice -> notice;
            case Job _, Split _, Event _, QuarantineOrder _ ->
                    throw new PoisonException("what stands here is no notice");
        };
    }
}
