package posthaste.acceptance.cluster;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Properties;
import kafka.Kafka;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A broker as it is run in production: {@code kafka-storage format --ignore-formatted}, then
 * Kafka's own main class, in one process.
 */
final class BrokerMain {
    private BrokerMain() {}

    /** Takes the properties file and the cluster's id. */
    public static void main(String[] args) throws Exception {
        Properties properties = Utils.loadProps(args[0]);
        String folder = Path.of(properties.getProperty("log.dirs")).toString();
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setNodeId(Integer.parseInt(properties.getProperty("node.id")))
                .setClusterId(args[1])
                .addDirectory(folder)
                .setMetadataLogDirectory(folder)
                .setControllerListenerName(properties.getProperty("controller.listener.names"))
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setIgnoreFormatted(true)
                .run();
        Kafka.main(new String[] {args[0]});
    }
}
