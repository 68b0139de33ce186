package posthaste.acceptance.cluster;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;

/** Asks the brokers how many copies there are of each partition. */
public final class Replicas {
    private final String bootstrapServers;

    Replicas(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * The partitions that lack a copy, and the nodes that have one; empty when all is well. A
     * question that the brokers don't answer now counts as not well.
     */
    public Map<String, List<Integer>> lacking() throws InterruptedException {
        Map<String, List<Integer>> lacking = new TreeMap<>();
        try (Admin admin = admin()) {
            for (TopicDescription topic : topics(admin)) {
                topic.partitions().stream()
                        .filter(partition -> partition.isr().size() < partition.replicas().size())
                        .forEach(partition ->
                                lacking.put(
                                        topic.name() + "-" + partition.partition(),
                                        partition.isr().stream().map(node -> node.id()).toList()));
            }
        } catch (ExecutionException e) {
            lacking.put("no answer: " + e.getCause().getMessage(), List.of());
        }
        return lacking;
    }

    private static Collection<TopicDescription> topics(Admin admin)
            throws ExecutionException, InterruptedException {
        return admin.describeTopics(
                        admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get())
                .allTopicNames()
                .get()
                .values();
    }

    private Admin admin() {
        return Admin.create(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "request.timeout.ms", 5000,
                        "default.api.timeout.ms", 10000));
    }
}
