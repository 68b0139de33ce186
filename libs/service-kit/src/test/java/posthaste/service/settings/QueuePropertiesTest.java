package posthaste.service.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Tier;
import posthaste.queue.TopicPlan;

class QueuePropertiesTest {
    private final RecordUnderTest<QueueProperties> properties =
            new RecordUnderTest<>(QueueProperties.class);

    @Test
    void theDefaultsSuitACluster() {
        assertThat(properties.defaults())
                .isEqualTo(
                        new QueueProperties(
                                List.of(new Stream("transactional"), new Stream("bulk")),
                                Map.of(),
                                12,
                                3,
                                2,
                                false,
                                1000,
                                Duration.ofMillis(10),
                                Duration.ofSeconds(20),
                                Duration.ofDays(7),
                                Duration.ofDays(7),
                                Duration.ofDays(30),
                                Duration.ofSeconds(60)));
    }

    @Test
    void everyPropertyIsMapped() throws Exception {
        properties.mapsEveryPropertyOf(
                Map.ofEntries(
                        Map.entry("streams", "alerts,news"),
                        Map.entry("shares.alerts", "80"),
                        Map.entry("partitions", "4"),
                        Map.entry("replication", "1"),
                        Map.entry("min-insync-replicas", "1"),
                        Map.entry("flush-every-record", "true"),
                        Map.entry("in-flight", "200"),
                        Map.entry("commit-interval", "50ms"),
                        Map.entry("drain", "5s"),
                        Map.entry("events-retention", "30d"),
                        Map.entry("control-retention", "2d"),
                        Map.entry("quarantine", "9d"),
                        Map.entry("broker-wait", "2m")),
                new QueueProperties(
                        List.of(new Stream("alerts"), new Stream("news")),
                        Map.of("alerts", 80),
                        4,
                        1,
                        1,
                        true,
                        200,
                        Duration.ofMillis(50),
                        Duration.ofSeconds(5),
                        Duration.ofDays(30),
                        Duration.ofDays(2),
                        Duration.ofDays(9),
                        Duration.ofMinutes(2)));
    }

    @Test
    void wrongValuesAreRefused() {
        properties.refuses("streams", "", "is empty, but must be at least one name beside dsn.");
        properties.refuses("shares.bulk", "0", "is 0, but must be from 1 to 1000.");
        properties.refuses("partitions", "0", "is 0, but must be from 1 to 10000.");
        properties.refuses("replication", "0", "is 0, but must be from 1 to 9.");
        properties.refuses("min-insync-replicas", "4", "is 4, but must be from 1 to 3.");
        properties.refuses("in-flight", "2", "is 2, but must be from 3 to 100000.");
        properties.refuses("commit-interval", "0s", "is 0s, but must be from 1ms to 10s.");
        properties.refuses("drain", "90s", "is 90s, but must be from 0s to 1m.");
        properties.refuses("events-retention", "1m", "is 1m, but must be from 1h to 3650d.");
        properties.refuses("control-retention", "1m", "is 1m, but must be from 1h to 3650d.");
        properties.refuses("broker-wait", "100ms", "is 100ms, but must be from 1s to 1h.");
    }

    @Test
    void ourOwnNotificationsAlwaysHaveAStreamAndOnlyOne() {
        assertThat(properties.defaults().streams()).contains(Stream.DSN);
        assertThat(properties.from(Map.of("streams", "dsn,bulk")).streams())
                .containsExactly(Stream.DSN, new Stream("bulk"));
    }

    @Test
    void onlyEventsOrdersAndFactsAreDroppedByTimeAndAllMailBearsTheBrokersTime() {
        List<TopicPlan> topics =
                properties.defaults().topics(List.of(Tier.of(Duration.ofMinutes(1))));

        assertThat(topics)
                .extracting(TopicPlan::name)
                .containsExactly(
                        "mail.outbound.transactional",
                        "mail.outbound.bulk",
                        "mail.outbound.dsn",
                        "mail.deferred.1m",
                        "mail.deferred.bulk.1m",
                        "mail.deferred.dsn.1m",
                        "mail.bounce",
                        "mail.inbound",
                        "mail.dead-letter",
                        "mail.quarantine",
                        "mail.quarantine-orders",
                        "mail.events",
                        "mail.control",
                        "mail.suppression");
        assertThat(topics)
                .filteredOn(topic -> topic.retention().isPresent())
                .containsExactly(
                        new TopicPlan(
                                "mail.quarantine-orders",
                                12,
                                Optional.of(Duration.ofDays(60)),
                                true),
                        new TopicPlan("mail.events", 12, Optional.of(Duration.ofDays(7)), false),
                        TopicPlan.ofFacts("mail.control", Optional.of(Duration.ofDays(7))));
        assertThat(topics)
                .filteredOn(topic -> !topic.logAppendTime())
                .extracting(TopicPlan::name)
                .containsExactly("mail.events", "mail.control", "mail.suppression");
    }

    @Test
    void factsAloneAreCompacted() {
        assertThat(properties.defaults().topics(List.of()))
                .filteredOn(TopicPlan::compacted)
                .extracting(TopicPlan::name)
                .containsExactly("mail.control", "mail.suppression");
    }
}
