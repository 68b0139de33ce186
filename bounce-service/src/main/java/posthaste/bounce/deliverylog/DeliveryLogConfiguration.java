package posthaste.bounce.deliverylog;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.mail.record.Topics;
import posthaste.queue.MailQueue;
import posthaste.queue.TailPlan;
import posthaste.service.lifecycle.ConsumerLifecycle;
import posthaste.service.settings.QueueProperties;

/** The delivery log: its database, the two tails that fill it, and what reads it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({LogProperties.class, LogDatabaseProperties.class})
public class DeliveryLogConfiguration {

    @Bean(destroyMethod = "close")
    LogDatabase logDatabase(LogDatabaseProperties database, LogProperties log) {
        return LogDatabase.pooled(
                database.url(), database.username(), database.password(), log.connections());
    }

    @Bean
    DeliveryLog deliveryLog(
            LogDatabase database,
            LogProperties properties,
            RuleBook bounceRules,
            InstantSource clock,
            MeterRegistry meters) {
        return new DeliveryLog(
                database,
                properties.connections() / 2,
                bounceRules::current,
                properties.chartDomains(),
                clock,
                meters);
    }

    @Bean
    RollupSteps rollupSteps(LogProperties properties) {
        return new RollupSteps(
                properties.chartMinutes(), properties.chartHours(), properties.chartDays());
    }

    /** {@code mail.events}: what became of each mail. */
    @Bean
    ConsumerLifecycle eventTail(MailQueue queue, LogProperties properties, DeliveryLog log) {
        TailPlan plan =
                new TailPlan(
                        "delivery-log",
                        Topics.LOG_GROUP,
                        List.of(Topics.EVENTS),
                        properties.batchRecords(),
                        properties.linger());
        return new ConsumerLifecycle(plan.name(), () -> queue.tail(plan, log));
    }

    /** {@code mail.outbound.*}: what was accepted, by the very records that accepted it. */
    @Bean
    ConsumerLifecycle acceptanceTail(
            MailQueue queue, QueueProperties queues, LogProperties properties, DeliveryLog log) {
        TailPlan plan =
                new TailPlan(
                        "acceptance",
                        Topics.ACCEPTANCE_GROUP,
                        queues.streams().stream().map(Topics::outbound).toList(),
                        properties.batchRecords(),
                        properties.linger());
        return new ConsumerLifecycle(plan.name(), () -> queue.tail(plan, log));
    }

    @Bean
    LogRetention logRetention(
            DeliveryLog log, InstantSource clock, LogProperties properties, MeterRegistry meters) {
        return new LogRetention(log, clock, properties.retention(), meters);
    }

    @Bean
    LogUpkeep rollupUpkeep(
            DeliveryLog log, RollupSteps rollupSteps, InstantSource clock, MeterRegistry meters) {
        return new LogUpkeep(
                "log-rollup",
                () -> log.addUp(rollupSteps),
                new LastSuccess(
                        "rollup", "the adding up of the delivery log's charts", clock, meters));
    }

    /** By a thread of its own: an index of a large day takes longer than charts may wait. */
    @Bean
    LogUpkeep indexUpkeep(DeliveryLog log, InstantSource clock, MeterRegistry meters) {
        return new LogUpkeep(
                "log-indexes",
                log::buildIndex,
                new LastSuccess(
                        "indexes",
                        "the building of the delivery log's indexes on earlier days",
                        clock,
                        meters));
    }

    @Bean
    LogSearch logSearch(LogDatabase database, LogProperties properties, MeterRegistry meters) {
        return new LogSearch(database, properties.searchPatience(), meters);
    }

    @Bean
    LogCharts logCharts(
            LogDatabase database,
            InstantSource clock,
            RollupSteps rollupSteps,
            MeterRegistry meters) {
        return new LogCharts(database, clock, rollupSteps, meters);
    }

    @Bean
    Providers providers(LogDatabase database, InstantSource clock, MeterRegistry meters) {
        return new Providers(
                database,
                clock,
                new LastSuccess(
                        "providers", "the looking up of who runs destinations", clock, meters));
    }

    @Bean
    StoryPages storyPages(LogDatabase database, MeterRegistry meters) {
        return new StoryPages(database, meters);
    }

    @Bean
    LogExport logExport(LogDatabase database, LogSearch search) {
        return new LogExport(database, search);
    }

    @Bean
    LogAccounts logAccounts(LogDatabase database) {
        return new LogAccounts(database);
    }

    @Bean
    LogHealth deliveryLogHealthIndicator(LogDatabase database) {
        return new LogHealth(database);
    }
}
