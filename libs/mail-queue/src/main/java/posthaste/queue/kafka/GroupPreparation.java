package posthaste.queue.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the mail of a crashed process does not wait: its group notices within seconds.
 * The broker's default is 45 s, and in the new group protocol a client cannot ask for less; but a
 * group can be given a setting of its own, down to the broker's minimum.
 */
final class GroupPreparation {
    private static final Logger LOG = LoggerFactory.getLogger(GroupPreparation.class);

    /** Takeover is to be done in 15 s, of which others need some. */
    private static final Duration LATE = Duration.ofSeconds(12);

    private static final Duration SESSION = Duration.ofSeconds(6);
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private final Admin admin;
    private long defaultSession;
    private long leastSession;
    private long leastHeartbeat;
    private long mostHeartbeat = Long.MAX_VALUE;

    GroupPreparation(Admin admin) {
        this.admin = admin;
    }

    /** Takes a broker's word into account; a group may be led by any of them. */
    void consider(Config broker) {
        defaultSession =
                Math.max(defaultSession, millis(broker, "group.consumer.session.timeout.ms", 0));
        leastSession =
                Math.max(leastSession, millis(broker, "group.consumer.min.session.timeout.ms", 0));
        leastHeartbeat =
                Math.max(
                        leastHeartbeat,
                        millis(broker, "group.consumer.min.heartbeat.interval.ms", 0));
        mostHeartbeat =
                Math.min(
                        mostHeartbeat,
                        millis(broker, "group.consumer.max.heartbeat.interval.ms", Long.MAX_VALUE));
    }

    /** No loss hangs on it, so it stops no start. */
    void prepare(Collection<String> groups) throws InterruptedException {
        if (defaultSession <= LATE.toMillis()) {
            return;
        }
        long session = Math.max(leastSession, SESSION.toMillis());
        long heartbeat = Math.clamp(HEARTBEAT.toMillis(), leastHeartbeat, mostHeartbeat);
        if (session > LATE.toMillis() || 2 * heartbeat > session) {
            LOG.warn(
                    "the mail of a crashed process will wait {} ms: group.consumer.session.timeout.ms of the brokers says so, and their group.consumer.min.session.timeout.ms={} (and min.heartbeat.interval.ms={}) lets no group have less; 5000 (and 1000) are good values",
                    defaultSession,
                    leastSession,
                    leastHeartbeat);
            return;
        }
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (String group : groups) {
            changes.put(
                    new ConfigResource(ConfigResource.Type.GROUP, group),
                    List.of(
                            set("consumer.session.timeout.ms", session),
                            set("consumer.heartbeat.interval.ms", heartbeat)));
        }
        try {
            admin.incrementalAlterConfigs(changes).all().get();
            LOG.info(
                    "the groups {} notice a crashed process after {} ms; the brokers' default is {}",
                    groups,
                    session,
                    defaultSession);
        } catch (ExecutionException e) {
            LOG.warn(
                    "the mail of a crashed process will wait {} ms: the brokers refuse another setting for our groups: {}",
                    defaultSession,
                    String.valueOf(e.getCause()));
        }
    }

    private static AlterConfigOp set(String name, long value) {
        return new AlterConfigOp(
                new ConfigEntry(name, Long.toString(value)), AlterConfigOp.OpType.SET);
    }

    private static long millis(Config config, String name, long otherwise) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? otherwise : Long.parseLong(entry.value());
    }
}
