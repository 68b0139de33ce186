package posthaste.bounce.returned;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.integration.channel.DirectChannel;
import posthaste.body.BodyCopier;
import posthaste.body.BodyStore;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.LogDatabase;
import posthaste.bounce.deliverylog.LoggedOriginals;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.bounce.suppression.SuppressionFeed;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.MailQueue;
import posthaste.service.flow.FlowGateway;
import posthaste.service.lifecycle.ConsumerLifecycle;
import posthaste.service.settings.QueueProperties;
import posthaste.service.storage.StorageGuard;
import posthaste.service.verp.InboundProperties;
import posthaste.service.verp.ReturnAddresses;

/** From a report to what it leads to: steps, loop, meters. */
@Configuration(proxyBeanMethods = false)
@Import(ReturnedFlow.class)
public class ReturnedConfiguration {

    @Bean
    ReadReport readReport(BodyStore store, RuleBook bounceRules, ReturnAddresses returnAddresses) {
        return new ReadReport(store, bounceRules::current, returnAddresses);
    }

    @Bean
    MatchReport matchReport(
            LogDatabase database,
            MailQueue queue,
            QueueProperties queueProperties,
            ReturnAddresses returnAddresses,
            InstantSource clock) {
        LogReading reading =
                new LogReading(
                        new LogAccounts(database),
                        queue.scanner(),
                        queueProperties.streams().stream().map(Topics::outbound).toList(),
                        LogReading.PATIENCE);
        return new MatchReport(new LoggedOriginals(database), reading, returnAddresses, clock);
    }

    @Bean
    ForwardReport forwardReport(
            BodyStore store, InboundProperties properties, ReturnAddresses returnAddresses) {
        return new ForwardReport(new BodyCopier(store), properties, returnAddresses);
    }

    @Bean
    SuppressReported suppressReported(SuppressionFeed feed, InboundProperties properties) {
        return new SuppressReported(feed, properties::takesComplaints);
    }

    @Bean
    SettleReport settleReport(MeterRegistry registry) {
        return new SettleReport(new ReportMetrics(registry));
    }

    /** The loop over {@code mail.inbound}. */
    @Bean
    ConsumerLifecycle inboundConsumer(
            MailQueue queue,
            QueueProperties queueProperties,
            InboundProperties properties,
            StorageGuard storage,
            DirectChannel returnedReports) {
        ConsumerPlan plan =
                new ConsumerPlan(
                        "inbound",
                        Topics.INBOUND_GROUP,
                        Map.of(Topics.INBOUND, Duration.ZERO),
                        properties.inFlight(),
                        queueProperties.commitInterval(),
                        queueProperties.drain());
        return new ConsumerLifecycle(
                plan.name(),
                () ->
                        queue.consumer(
                                plan, storage.guarding(FlowGateway.settling(returnedReports))));
    }
}
