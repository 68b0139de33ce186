package posthaste.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import posthaste.acceptance.cluster.Broker;
import posthaste.acceptance.cluster.Cluster;
import posthaste.acceptance.cluster.Service;

/** A cluster that promises less than is configured gets no mail: a service says why, and ends. */
class WeakClusterIT {
    @Test
    void aServiceRefusesBrokersAndTopicsThatPromiseLess() throws Exception {
        try (Cluster cluster =
                Cluster.plan("weak-cluster")
                        .withBroker("offsets.retention.minutes", "10080")
                        .withBroker("offsets.topic.replication.factor", "1")
                        .withBroker("min.insync.replicas", "1")
                        .withBroker("unclean.leader.election.enable", "true")
                        .describe()) {
            for (Broker broker : cluster.brokers()) {
                broker.launch();
            }
            for (Broker broker : cluster.brokers()) {
                broker.awaitReady();
            }
            try (Admin admin =
                    Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
                admin.createTopics(
                                List.of(
                                        new NewTopic("mail.bounce", 4, (short) 1),
                                        new NewTopic("mail.dead-letter", 4, (short) 3)
                                                .configs(Map.of("retention.ms", "604800000")),
                                        new NewTopic("__consumer_offsets", 1, (short) 1)
                                                .configs(Map.of("cleanup.policy", "compact"))))
                        .all()
                        .get();
            }
            Service delivery = cluster.services("delivery").getFirst();
            delivery.launch();

            assertThat(delivery.awaitEnd(Duration.ofMinutes(2))).isNotZero();
            assertThat(Files.readString(delivery.log()))
                    .contains(
                            "topic mail.bounce has 1 replicas of a partition, wanted are at least 3",
                            "topic mail.bounce has min.insync.replicas=1, wanted is at least 2",
                            "topic mail.bounce has unclean.leader.election.enable=true, wanted is false",
                            "topic mail.dead-letter has retention.ms=604800000, wanted is -1",
                            "broker 1 has offsets.retention.minutes=10080, wanted is 2147483647",
                            "topic __consumer_offsets has 1 replicas of a partition, wanted are at least 3",
                            "topic __consumer_offsets has min.insync.replicas=1, wanted is at least 2",
                            "topic __consumer_offsets has unclean.leader.election.enable=true, wanted is false");
        }
    }
}
