package posthaste.bounce;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.integration.channel.DirectChannel;
import posthaste.body.BodyStore;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.bounce.suppression.SuppressionFeed;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.MailQueue;
import posthaste.queue.RecordHandler;
import posthaste.service.flow.FlowGateway;
import posthaste.service.lifecycle.ConsumerLifecycle;
import posthaste.service.reload.FileWatch;
import posthaste.service.settings.QueueProperties;
import posthaste.service.settings.StartRefusedException;
import posthaste.service.storage.StorageGuard;
import posthaste.service.suppression.SuppressionList;
import posthaste.service.suppression.SuppressionProperties;
import posthaste.service.suppression.SuppressionTopic;

/** From a notice to a notification: steps, loop, meters. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({BounceProperties.class, DsnProperties.class})
@Import(BounceFlow.class)
public class NotificationConfiguration {

    @Bean
    DsnMetrics dsnMetrics(MeterRegistry registry) {
        return new DsnMetrics(registry);
    }

    /**
     * What notifications say: the texts in force, also after users' files have changed.
     *
     * @throws StartRefusedException when one of them is wrong, or none is of the language wanted
     */
    @Bean
    DsnTextBook dsnTexts(DsnProperties properties, FileWatch fileWatch) {
        return DsnTextBook.open(properties, fileWatch);
    }

    @Bean
    Backscatter backscatter(DsnProperties properties, InstantSource clock) {
        return new Backscatter(properties, clock);
    }

    @Bean
    DsnMaker dsnMaker(
            BodyStore store, BounceProperties properties, DsnTextBook texts, DsnMetrics metrics) {
        return new DsnMaker(store, properties, texts::current, metrics);
    }

    @Bean
    CountAnswer countAnswer(
            Backscatter backscatter, SuppressionFeed suppressionFeed, DsnMetrics metrics) {
        return new CountAnswer(backscatter, suppressionFeed, metrics);
    }

    @Bean
    BounceSettlement bounceSettlement(InstantSource clock) {
        return new BounceSettlement(clock);
    }

    /** What refusals mean: the rules in force, also after users' files have changed. */
    @Bean
    RuleBook bounceRules(BounceProperties properties, FileWatch fileWatch) {
        return WatchedRules.open(properties.rules(), fileWatch);
    }

    @Bean
    SuppressionFeed suppressionFeed(
            SuppressionProperties properties,
            SuppressionList suppressionList,
            SuppressionTopic suppressionTopic,
            RuleBook bounceRules) {
        return new SuppressionFeed(properties, suppressionList, suppressionTopic, bounceRules);
    }

    /** The loop over {@code mail.bounce}. */
    @Bean
    ConsumerLifecycle bounceConsumer(
            MailQueue queue,
            QueueProperties queueProperties,
            BounceProperties properties,
            StorageGuard storage,
            DirectChannel bounceNotices) {
        RecordHandler handler = storage.guarding(FlowGateway.settling(bounceNotices));
        ConsumerPlan plan =
                new ConsumerPlan(
                        "bounce",
                        Topics.BOUNCE_GROUP,
                        Map.of(Topics.BOUNCE, Duration.ZERO),
                        properties.inFlight(),
                        queueProperties.commitInterval(),
                        queueProperties.drain());
        return new ConsumerLifecycle(plan.name(), () -> queue.consumer(plan, handler));
    }
}
