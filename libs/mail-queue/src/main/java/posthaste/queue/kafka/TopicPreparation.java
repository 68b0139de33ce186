package posthaste.queue.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.mail.record.Topics;
import posthaste.queue.QueueSettingsException;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.TopicPlan;
import posthaste.queue.ledger.OffsetLedger;

/**
 * Creates the topics that are missing, and verifies what no-loss rests on (DESIGN 3, invariants 1
 * and 8): whoever set the broker up may have promised less than is configured here.
 */
final class TopicPreparation {
    private static final Logger LOG = LoggerFactory.getLogger(TopicPreparation.class);
    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final String OFFSETS_TOPIC = "__consumer_offsets";
    private static final String TIMESTAMP_TYPE = "message.timestamp.type";
    private static final Duration FACT_SEGMENT = Duration.ofHours(1);
    private static final int FACT_SEGMENT_BYTES = 16 * 1024 * 1024;
    private static final String APPEND_TIME = "LogAppendTime";

    private final Clients clients;
    private final KafkaQueueSettings.Durability durability;

    TopicPreparation(Clients clients, KafkaQueueSettings settings) {
        this.clients = clients;
        this.durability = settings.durability();
    }

    void prepare(List<TopicPlan> plans) throws QueueUnavailableException, InterruptedException {
        try (Admin admin = clients.admin()) {
            create(admin, plans);
            awaitVisible(admin, plans);
            setTimestamps(admin, plans);
            List<String> findings = new ArrayList<>();
            for (TopicPlan plan : plans) {
                verify(admin, plan, findings);
            }
            verifyBrokers(admin, findings);
            if (!findings.isEmpty()) {
                throw new QueueSettingsException(String.join("\n", findings));
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvalidReplicationFactorException) {
                throw new QueueSettingsException(
                        "the queue's replication is %d, and the brokers at %s refuse it: %s"
                                .formatted(
                                        durability.replication(),
                                        clients.bootstrapServers(),
                                        e.getCause().getMessage()));
            }
            throw unavailable(e);
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    private QueueUnavailableException unavailable(Exception e) {
        return new QueueUnavailableException(
                "the topics at %s cannot be prepared: %s"
                        .formatted(clients.bootstrapServers(), e.getMessage()),
                e);
    }

    private void create(Admin admin, List<TopicPlan> plans)
            throws ExecutionException, InterruptedException {
        Map<String, TopicDescription> existing = existing(admin, plans);
        Map<String, NewPartitions> wider = new HashMap<>();
        List<NewTopic> missing = new ArrayList<>();
        for (TopicPlan plan : plans) {
            TopicDescription topic = existing.get(plan.name());
            if (topic == null) {
                missing.add(
                        new NewTopic(
                                        plan.name(),
                                        plan.partitions(),
                                        (short) durability.replication())
                                .configs(configs(plan)));
            } else if (topic.partitions().size() < plan.partitions()) {
                LOG.info(
                        "{} gets {} partitions, it had {}",
                        plan.name(),
                        plan.partitions(),
                        topic.partitions().size());
                wider.put(plan.name(), NewPartitions.increaseTo(plan.partitions()));
            }
        }
        // Another process may be doing the same.
        awaitAll(admin.createTopics(missing).values().values(), TopicExistsException.class);
        awaitAll(admin.createPartitions(wider).values().values(), InvalidPartitionsException.class);
    }

    /** A broker may answer that it created a topic or a partition before it knows of it itself. */
    private static void awaitVisible(Admin admin, List<TopicPlan> plans)
            throws ExecutionException, InterruptedException, QueueUnavailableException {
        long until = System.nanoTime() + VISIBLE_WITHIN.toNanos();
        while (!areVisible(existing(admin, plans), plans)) {
            if (System.nanoTime() - until > 0) {
                throw new QueueUnavailableException(
                        "the topics that were created do not appear within " + VISIBLE_WITHIN);
            }
            Thread.sleep(LOOK);
        }
    }

    private static boolean areVisible(
            Map<String, TopicDescription> existing, List<TopicPlan> plans) {
        return plans.stream()
                .allMatch(plan -> {
                    TopicDescription topic = existing.get(plan.name());
                    return topic != null && topic.partitions().size() >= plan.partitions();
                });
    }

    private static Map<String, TopicDescription> existing(Admin admin, List<TopicPlan> plans)
            throws ExecutionException, InterruptedException {
        Set<String> planned = plans.stream().map(TopicPlan::name).collect(Collectors.toSet());
        Set<String> names = admin.listTopics().names().get();
        return admin.describeTopics(names.stream().filter(planned::contains).toList())
                .allTopicNames()
                .get();
    }

    private static void awaitAll(
            Collection<KafkaFuture<Void>> futures, Class<? extends Exception> done)
            throws ExecutionException, InterruptedException {
        for (KafkaFuture<Void> future : futures) {
            try {
                future.get();
            } catch (ExecutionException e) {
                if (!done.isInstance(e.getCause())) {
                    throw e;
                }
            }
        }
    }

    private Map<String, String> configs(TopicPlan plan) {
        Map<String, String> configs = new HashMap<>();
        configs.put("cleanup.policy", plan.cleanupPolicy());
        configs.put("retention.ms", retention(plan));
        configs.put("retention.bytes", "-1");
        configs.put("min.insync.replicas", Integer.toString(durability.minInsyncReplicas()));
        configs.put("unclean.leader.election.enable", "false");
        configs.put("max.message.bytes", Integer.toString(KafkaQueueSettings.MAX_RECORD_BYTES));
        configs.put(TIMESTAMP_TYPE, plan.logAppendTime() ? APPEND_TIME : "CreateTime");
        if (plan.compacted()) {
            // What is not compacted yet is read by each process that starts: keep it short.
            configs.put("segment.ms", Long.toString(FACT_SEGMENT.toMillis()));
            configs.put("segment.bytes", Integer.toString(FACT_SEGMENT_BYTES));
            configs.put("min.cleanable.dirty.ratio", "0.1");
        } else if (durability.flushEveryRecord()) {
            configs.put("flush.messages", "1");
        }
        return configs;
    }

    private static String retention(TopicPlan plan) {
        return plan.retention().map(Duration::toMillis).map(String::valueOf).orElse("-1");
    }

    /** Topics of earlier versions have the writers' time; to change it takes away no promise. */
    private static void setTimestamps(Admin admin, List<TopicPlan> plans)
            throws ExecutionException, InterruptedException, QueueUnavailableException {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (TopicPlan plan : plans) {
            if (plan.logAppendTime() && !hasAppendTime(admin, plan.name())) {
                changes.put(
                        new ConfigResource(ConfigResource.Type.TOPIC, plan.name()),
                        List.of(
                                new AlterConfigOp(
                                        new ConfigEntry(TIMESTAMP_TYPE, APPEND_TIME),
                                        AlterConfigOp.OpType.SET)));
            }
        }
        if (changes.isEmpty()) {
            return;
        }
        admin.incrementalAlterConfigs(changes).all().get();
        long until = System.nanoTime() + VISIBLE_WITHIN.toNanos();
        for (ConfigResource topic : changes.keySet()) {
            LOG.info("{} bears the broker's time from now on", topic.name());
            while (!hasAppendTime(admin, topic.name())) {
                if (System.nanoTime() - until > 0) {
                    throw new QueueUnavailableException(
                            "a change of " + topic + " does not appear within " + VISIBLE_WITHIN);
                }
                Thread.sleep(LOOK);
            }
        }
    }

    private static boolean hasAppendTime(Admin admin, String topic)
            throws ExecutionException, InterruptedException {
        ConfigEntry entry = config(admin, ConfigResource.Type.TOPIC, topic).get(TIMESTAMP_TYPE);
        return entry != null && APPEND_TIME.equals(entry.value());
    }

    private void verify(Admin admin, TopicPlan plan, List<String> findings)
            throws ExecutionException, InterruptedException {
        Check topic =
                new Check(
                        "topic " + plan.name(),
                        config(admin, ConfigResource.Type.TOPIC, plan.name()),
                        findings);
        Set<String> cleanup = Set.of(plan.cleanupPolicy().split(","));
        topic.wants(
                "cleanup.policy",
                found -> cleanup.equals(Set.of(found.split(","))),
                plan.cleanupPolicy());
        topic.wants(
                "retention.ms",
                found -> isKeptFor(found, plan),
                plan.retention().isEmpty() ? "-1" : "at least " + retention(plan));
        topic.wants("retention.bytes", "-1"::equals, "-1");
        verifyCopies(topic);
        topic.wants(
                "max.message.bytes",
                found -> Integer.parseInt(found) >= KafkaQueueSettings.MAX_RECORD_BYTES,
                "at least " + KafkaQueueSettings.MAX_RECORD_BYTES);
        if (plan.logAppendTime()) {
            topic.wants(TIMESTAMP_TYPE, APPEND_TIME::equals, APPEND_TIME);
        }
        if (durability.flushEveryRecord() && !plan.compacted()) {
            topic.wants("flush.messages", "1"::equals, "1");
        }
        verifyReplicas(admin, plan.name(), findings);
    }

    private static boolean isKeptFor(String found, TopicPlan plan) {
        long millis = Long.parseLong(found);
        return millis == -1
                || (plan.retention().isPresent() && millis >= plan.retention().get().toMillis());
    }

    private void verifyReplicas(Admin admin, String topic, List<String> findings)
            throws ExecutionException, InterruptedException {
        int fewest =
                admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                        .flatMap(description -> description.partitions().stream())
                        .mapToInt(p -> p.replicas().size())
                        .min()
                        .orElse(0);
        if (fewest < durability.replication()) {
            findings.add(
                    "topic %s has %d replicas of a partition, wanted are at least %d: reassign its partitions (kafka-reassign-partitions) or lower posthaste.queue.replication"
                            .formatted(topic, fewest, durability.replication()));
        }
    }

    private void verifyBrokers(Admin admin, List<String> findings)
            throws ExecutionException, InterruptedException {
        boolean offsetsExist =
                admin.listTopics(new ListTopicsOptions().listInternal(true))
                        .names()
                        .get()
                        .contains(OFFSETS_TOPIC);
        GroupPreparation groups = new GroupPreparation(admin);
        for (Node node : admin.describeCluster().nodes().get()) {
            Config config = config(admin, ConfigResource.Type.BROKER, node.idString());
            Check broker = new Check("broker " + node.idString(), config, findings);
            broker.wants(
                    "offsets.retention.minutes",
                    Integer.toString(Integer.MAX_VALUE)::equals,
                    Integer.toString(Integer.MAX_VALUE));
            broker.wants(
                    "offset.metadata.max.bytes",
                    found -> Integer.parseInt(found) >= OffsetLedger.METADATA_LIMIT,
                    "at least " + OffsetLedger.METADATA_LIMIT);
            groups.consider(config);
            if (!offsetsExist) {
                broker.wants(
                        "offsets.topic.replication.factor",
                        found -> Integer.parseInt(found) >= durability.replication(),
                        "at least " + durability.replication());
                verifyCopies(broker);
                if (durability.flushEveryRecord()) {
                    broker.wants("log.flush.interval.messages", "1"::equals, "1");
                }
            }
        }
        groups.prepare(Topics.GROUPS);
        if (offsetsExist) {
            verifyReplicas(admin, OFFSETS_TOPIC, findings);
            Check offsets =
                    new Check(
                            "topic " + OFFSETS_TOPIC,
                            config(admin, ConfigResource.Type.TOPIC, OFFSETS_TOPIC),
                            findings);
            verifyCopies(offsets);
            offsets.wants("cleanup.policy", "compact"::equals, "compact");
            if (durability.flushEveryRecord()) {
                offsets.wants("flush.messages", "1"::equals, "1");
            }
        }
    }

    /** That what was acknowledged is on as many nodes as configured, whoever leads next. */
    private void verifyCopies(Check of) {
        of.wants(
                "min.insync.replicas",
                found -> Integer.parseInt(found) >= durability.minInsyncReplicas(),
                "at least " + durability.minInsyncReplicas());
        of.wants("unclean.leader.election.enable", "false"::equals, "false");
    }

    private static Config config(Admin admin, ConfigResource.Type type, String name)
            throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(type, name);
        return admin.describeConfigs(List.of(resource)).all().get().values().iterator().next();
    }

    /** What one topic or broker is held to. */
    private record Check(String where, Config config, List<String> findings) {
        void wants(String setting, Predicate<String> holds, String wanted) {
            ConfigEntry entry = config.get(setting);
            String found = entry == null ? null : entry.value();
            if (found == null || !holds.test(found)) {
                findings.add(
                        "%s has %s=%s, wanted is %s: set it with kafka-configs, or in the broker's configuration"
                                .formatted(where, setting, found, wanted));
            }
        }
    }
}
