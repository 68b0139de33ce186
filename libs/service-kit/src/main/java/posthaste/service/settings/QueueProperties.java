package posthaste.service.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.mail.envelope.Stream;
import posthaste.mail.envelope.StreamShares;
import posthaste.mail.record.Tier;
import posthaste.mail.record.Topics;
import posthaste.queue.TopicPlan;

/**
 * The queue: its topics, what they promise, and how they are read.
 *
 * @param streams kinds of traffic with a topic each; {@code dsn} is always there. The same in all
 *     services; one that is taken away must be empty
 * @param shares of the streams, relative to each other (default: {@code transactional} 60, {@code
 *     bulk} 30, {@code dsn} 10; a stream that is not named has 10): of the records in flight, on
 *     the primary and in fallback, and of the turns at a destination for which several streams wait
 * @param partitions of each topic when it is made; the upper bound of processes that share a topic
 * @param replication copies of each record; 1 only on a single node
 * @param minInsyncReplicas copies that must exist before a mail is acknowledged
 * @param flushEveryRecord whether the broker forces each batch to disk: on a single node, where no
 *     other copy exists
 * @param inFlight records that a service handles at once, in all; beyond it partitions pause
 * @param commitInterval floor between two commits: longer means fewer writes and more repeats after
 *     a crash
 * @param drain how long handlers may finish on stop before they are broken off
 * @param eventsRetention how long {@code mail.events} is kept, so that the log can be rebuilt
 * @param controlRetention how long {@code mail.control} keeps what the processes tell each other,
 *     at most; longer than any block, quota window or the like
 * @param quarantine how long mail stays in quarantine until it is recorded as removed; the same in
 *     all services
 * @param brokerWait how long a start waits for a broker that is not there yet
 */
@ConfigurationProperties(prefix = "posthaste.queue", ignoreUnknownFields = false)
public record QueueProperties(
        @DefaultValue({"transactional", "bulk"}) List<Stream> streams,
        @DefaultValue Map<String, Integer> shares,
        @DefaultValue("12") int partitions,
        @DefaultValue("3") int replication,
        @DefaultValue("2") int minInsyncReplicas,
        @DefaultValue("false") boolean flushEveryRecord,
        @DefaultValue("1000") int inFlight,
        @DefaultValue("10ms") Duration commitInterval,
        @DefaultValue("20s") Duration drain,
        @DefaultValue("7d") Duration eventsRetention,
        @DefaultValue("7d") Duration controlRetention,
        @DefaultValue("30d") Duration quarantine,
        @DefaultValue("60s") Duration brokerWait) {

    /** An order is kept until what it is about has certainly left, and been carried out itself. */
    private static final Duration ORDERS_BEYOND = Duration.ofDays(30);

    public QueueProperties {
        SequencedSet<Stream> all = new LinkedHashSet<>(streams);
        all.add(Stream.DSN);
        Setting.require("streams", streams, all.size() > 1, "at least one name beside dsn");
        Setting.require(
                "streams", streams, !all.contains(Stream.INBOUND), "names other than inbound");
        streams = List.copyOf(all);
        shares = Map.copyOf(shares);
        shares.forEach((stream, share) -> {
            Setting.require("shares", stream, Stream.isName(stream), "a map from names of streams");
            Setting.between("shares." + stream, share, 1, 1000);
        });
        Setting.between("partitions", partitions, 1, 10_000);
        Setting.between("replication", replication, 1, 9);
        Setting.between("min-insync-replicas", minInsyncReplicas, 1, replication);
        Setting.between("in-flight", inFlight, streams.size(), 100_000);
        Setting.between(
                "commit-interval", commitInterval, Duration.ofMillis(1), Duration.ofSeconds(10));
        Setting.between("drain", drain, Duration.ZERO, Duration.ofMinutes(1));
        Setting.between(
                "events-retention", eventsRetention, Duration.ofHours(1), Duration.ofDays(3650));
        Setting.between(
                "control-retention", controlRetention, Duration.ofHours(1), Duration.ofDays(3650));
        Setting.between("quarantine", quarantine, Duration.ofSeconds(1), Duration.ofDays(3650));
        Setting.between("broker-wait", brokerWait, Duration.ofSeconds(1), Duration.ofHours(1));
    }

    /**
     * Every topic of the house: each service makes sure of all of them, so that none comes first.
     */
    public List<TopicPlan> topics(List<Tier> tiers) {
        List<TopicPlan> topics = new ArrayList<>();
        for (Stream stream : streams) {
            topics.add(settled(Topics.outbound(stream)));
        }
        for (Stream stream : Topics.deferringStreams(streams)) {
            for (Tier tier : tiers) {
                topics.add(settled(Topics.deferred(stream, tier)));
            }
        }
        topics.add(settled(Topics.BOUNCE));
        topics.add(settled(Topics.INBOUND));
        topics.add(settled(Topics.DEAD_LETTER));
        topics.add(settled(Topics.QUARANTINE));
        topics.add(
                new TopicPlan(
                        Topics.QUARANTINE_ORDERS,
                        partitions,
                        Optional.of(quarantine.plus(ORDERS_BEYOND)),
                        true));
        topics.add(new TopicPlan(Topics.EVENTS, partitions, Optional.of(eventsRetention), false));
        topics.add(TopicPlan.ofFacts(Topics.CONTROL, Optional.of(controlRetention)));
        topics.add(TopicPlan.ofFacts(Topics.SUPPRESSION, Optional.empty()));
        return topics;
    }

    /** As configured, over the usual ones. */
    public StreamShares streamShares() {
        Map<Stream, Integer> configured = new HashMap<>();
        shares.forEach((stream, share) -> configured.put(new Stream(stream), share));
        return StreamShares.usualBut(configured);
    }

    /** By the broker's clock, which the tiers wait by, and the janitor deletes by. */
    private TopicPlan settled(String name) {
        return new TopicPlan(name, partitions, Optional.empty(), true);
    }
}
