package posthaste.acceptance.cluster;

import java.util.LinkedHashMap;
import java.util.Map;

/** How the parts are set up: as docs/operations.md has it for production, but small. */
final class Settings {
    private Settings() {}

    /** Of every broker. */
    static Map<String, String> broker() {
        Map<String, String> p = new LinkedHashMap<>();
        // What no-loss rests on.
        p.put("default.replication.factor", "3");
        p.put("min.insync.replicas", "2");
        p.put("unclean.leader.election.enable", "false");
        p.put("offsets.topic.replication.factor", "3");
        p.put("offsets.retention.minutes", String.valueOf(Integer.MAX_VALUE));
        p.put("auto.create.topics.enable", "false");

        // How soon somebody else takes over.
        p.put("broker.session.timeout.ms", "6000");
        p.put("broker.heartbeat.interval.ms", "1000");
        p.put("group.consumer.min.session.timeout.ms", "5000");
        p.put("group.consumer.session.timeout.ms", "5000");
        p.put("group.consumer.min.heartbeat.interval.ms", "1000");
        p.put("group.consumer.heartbeat.interval.ms", "1000");

        // Three of them share two processors here, with a dozen other processes.
        p.put("offsets.topic.num.partitions", "4");
        p.put("controller.quorum.election.timeout.ms", "2000");
        p.put("controller.quorum.fetch.timeout.ms", "5000");
        p.put("controller.quorum.request.timeout.ms", "5000");
        p.put("num.network.threads", "2");
        p.put("num.io.threads", "4");
        p.put("background.threads", "2");
        p.put("log.cleaner.dedupe.buffer.size", "4194304");
        p.put("log.index.size.max.bytes", "1048576");
        return p;
    }

    /** Of every service. */
    static Map<String, String> service() {
        Map<String, String> p = new LinkedHashMap<>();
        p.put("posthaste.queue.partitions", "4");
        p.put("posthaste.queue.in-flight", "200");
        p.put("posthaste.retry.tiers", "1s,3s");
        return p;
    }

    /** Of one kind of service at its home. */
    static Map<String, String> of(String kind, Home home, Database database) {
        Map<String, String> p = new LinkedHashMap<>();
        if (kind.equals("bounce")) {
            p.put("server.address", home.address());
            p.put("server.port", String.valueOf(Service.WEB_PORT));
            p.put("management.server.address", home.inward());
            p.put("spring.datasource.url", database.url());
            p.put("spring.datasource.username", Database.USER);
            p.put("spring.datasource.password", Database.PASSWORD);
            p.put("posthaste.web.admin-password", Cluster.WEB_PASSWORD);
        } else {
            // One port for all that they have to say.
            p.put("server.address", home.inward());
        }
        if (kind.equals("ingest")) {
            p.put("posthaste.smtp.address", home.address());
            p.put("posthaste.smtp.port", String.valueOf(Service.SMTP_PORT));
            // The loopback network, or that of the namespaces.
            p.put("posthaste.smtp.trusted-networks", "127.0.0.0/8,10.0.0.0/8");
        }
        return p;
    }
}
