package posthaste.acceptance.deploy;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import posthaste.queue.TopicPlan;
import posthaste.queue.kafka.KafkaQueueSettings;
import posthaste.service.settings.QueueProperties;
import posthaste.service.settings.RetryProperties;

/** The topics that the services would make, by what they are configured with. */
record KafkaTopics(QueueProperties queue, Map<String, TopicPlan> plans) {

    static KafkaTopics of(ConfigurationPropertySource properties) {
        Binder binder = new Binder(properties);
        QueueProperties queue = binder.bindOrCreate("posthaste.queue", QueueProperties.class);
        RetryProperties retry = binder.bindOrCreate("posthaste.retry", RetryProperties.class);
        return new KafkaTopics(
                queue,
                queue.topics(retry.delayTiers()).stream()
                        .collect(
                                Collectors.toMap(
                                        TopicPlan::name,
                                        Function.identity(),
                                        (first, _) -> first,
                                        TreeMap::new)));
    }

    /** As {@code TopicPreparation} makes a topic, and verifies it at each start. */
    Map<String, String> promised(TopicPlan plan) {
        Map<String, String> all = new TreeMap<>();
        all.put("cleanup.policy", plan.cleanupPolicy());
        all.put(
                "retention.ms",
                plan.retention().map(it -> String.valueOf(it.toMillis())).orElse("-1"));
        all.put("retention.bytes", "-1");
        all.put("min.insync.replicas", String.valueOf(queue.minInsyncReplicas()));
        all.put("unclean.leader.election.enable", "false");
        all.put("max.message.bytes", String.valueOf(KafkaQueueSettings.MAX_RECORD_BYTES));
        all.put("message.timestamp.type", plan.logAppendTime() ? "LogAppendTime" : "CreateTime");
        if (plan.compacted()) {
            all.put("segment.ms", "3600000");
            all.put("segment.bytes", "16777216");
            all.put("min.cleanable.dirty.ratio", "0.1");
        } else if (queue.flushEveryRecord()) {
            all.put("flush.messages", "1");
        }
        return all;
    }

    /** As manifests. */
    String manifests() {
        return """
        # Made from the code by KubernetesIT; don't edit. Nothing leaves a queue but by settlement: no retention by time or
        # size where it says -1.
        """
                + plans.values().stream().map(this::manifest).collect(Collectors.joining("---\n"));
    }

    private String manifest(TopicPlan plan) {
        return """
        apiVersion: kafka.strimzi.io/v1
        kind: KafkaTopic
        metadata:
          name: %s
          labels:
            strimzi.io/cluster: posthaste
            posthaste/kind: %s
        spec:
          partitions: %d
          replicas: %d
          config:
        """
                        .formatted(
                                plan.name(),
                                plan.compacted() ? "facts" : "queue",
                                plan.partitions(),
                                queue.replication())
                + promised(plan).entrySet().stream()
                        .map(one -> "    %s: \"%s\"\n".formatted(one.getKey(), one.getValue()))
                        .collect(Collectors.joining());
    }
}
