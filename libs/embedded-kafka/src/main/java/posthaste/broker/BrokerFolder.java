package posthaste.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one node: locked by one process, and formatted once.
 *
 * <p>All that may be wrong with it is found here, before Kafka opens it: Kafka itself opens the
 * metadata log before it takes its own lock, and answers a folder of a newer version by halting the
 * process.
 */
final class BrokerFolder implements AutoCloseable {
    private static final String LOCK_FILE = "instance.lock";

    /** Kafka's own, held by a broker that somebody else runs on the folder. */
    private static final String KAFKA_LOCK_FILE = ".lock";

    private static final String META_PROPERTIES = "meta.properties";

    /** Ours, beside Kafka's: which versions wrote here, since only Kafka's log knows otherwise. */
    private static final String VERSIONS_FILE = "versions.properties";

    private static final String KAFKA_VERSION = "kafka.version";
    private static final String METADATA_LEVEL = "metadata.level";
    private static final String CLUSTER_ID = "cluster.id";
    private static final String NODE_ID = "node.id";

    private final Path folder;
    private final FileChannel lockChannel;

    private BrokerFolder(Path folder, FileChannel lockChannel) {
        this.folder = folder;
        this.lockChannel = lockChannel;
    }

    /** Creates the folder if it is missing, takes it for this process, and checks what is in it. */
    static BrokerFolder open(Path folder, int nodeId) {
        Path absolute = folder.toAbsolutePath().normalize();
        FileChannel channel = lock(absolute);
        BrokerFolder opened = new BrokerFolder(absolute, channel);
        try {
            opened.probeKafkaLock();
            opened.checkContent(nodeId);
            return opened;
        } catch (IOException e) {
            opened.close();
            throw notWritable(absolute, e);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    Path path() {
        return folder;
    }

    boolean isFormatted() {
        return Files.exists(folder.resolve(META_PROPERTIES));
    }

    void format(int nodeId, String clusterId) {
        try {
            Properties versions = new Properties();
            versions.setProperty(KAFKA_VERSION, AppInfoParser.getVersion());
            versions.setProperty(
                    METADATA_LEVEL,
                    Short.toString(MetadataVersion.latestProduction().featureLevel()));
            versions.setProperty(CLUSTER_ID, clusterId);
            versions.setProperty(NODE_ID, Integer.toString(nodeId));
            // Before Kafka's format, whose last file says that it is done.
            store(versions);
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setNodeId(nodeId)
                    .setClusterId(clusterId)
                    .addDirectory(folder.toString())
                    .setMetadataLogDirectory(folder.toString())
                    .setControllerListenerName(BrokerNode.CONTROLLER_LISTENER)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setIgnoreFormatted(true)
                    .run();
        } catch (Exception e) {
            throw new BrokerStartException(
                    "the broker's folder %s cannot be formatted: %s"
                            .formatted(folder, e.getMessage()),
                    e);
        }
    }

    @Override
    public void close() {
        try {
            // Releases the lock. The file stays: whoever deletes it could delete a successor's.
            lockChannel.close();
        } catch (IOException e) {
            throw new IllegalStateException("the lock on " + folder + " cannot be released", e);
        }
    }

    private static FileChannel lock(Path folder) {
        FileChannel channel;
        try {
            Files.createDirectories(folder);
            channel =
                    FileChannel.open(
                            folder.resolve(LOCK_FILE),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw notWritable(folder, e);
        }
        FileLock lock = null;
        try {
            lock = tryLock(channel);
        } catch (IOException e) {
            throw notWritable(folder, e);
        } finally {
            if (lock == null) {
                closeQuietly(channel);
            }
        }
        if (lock == null) {
            throw inUse(folder);
        }
        return channel;
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held within this very process.
            return null;
        }
    }

    private void probeKafkaLock() throws IOException {
        Path kafkaLock = folder.resolve(KAFKA_LOCK_FILE);
        if (!Files.exists(kafkaLock)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(kafkaLock, StandardOpenOption.WRITE)) {
            if (tryLock(channel) == null) {
                throw inUse(folder);
            }
        }
    }

    private void checkContent(int nodeId) throws IOException {
        if (!isFormatted()) {
            return;
        }
        Properties meta = load(META_PROPERTIES);
        Properties versions = load(VERSIONS_FILE);
        if (!"1".equals(meta.getProperty("version"))) {
            throw new BrokerStartException(
                    "the broker's folder %s was written by another version of Kafka: its %s has version %s, this one reads version 1"
                            .formatted(folder, META_PROPERTIES, meta.getProperty("version")));
        }
        if (!Integer.toString(nodeId).equals(meta.getProperty(NODE_ID))) {
            throw new BrokerStartException(
                    "the broker's folder %s belongs to node %s, this is node %d"
                            .formatted(folder, meta.getProperty(NODE_ID), nodeId));
        }
        String level = versions.getProperty(METADATA_LEVEL);
        if (level == null) {
            throw new BrokerStartException(
                    "the broker's folder %s belongs to a Kafka that Posthaste did not set up: give it a folder of its own"
                            .formatted(folder));
        }
        MetadataVersion newest = MetadataVersion.latestProduction();
        if (Integer.parseInt(level) > newest.featureLevel()) {
            throw new BrokerStartException(
                    "the broker's folder %s was written by Kafka %s (metadata level %s), this is the older Kafka %s (metadata level %d): start the version that wrote it, or a newer one"
                            .formatted(
                                    folder,
                                    versions.getProperty(KAFKA_VERSION),
                                    level,
                                    AppInfoParser.getVersion(),
                                    newest.featureLevel()));
        }
        String cluster = versions.getProperty(CLUSTER_ID, "");
        if (!cluster.equals(meta.getProperty(CLUSTER_ID))) {
            throw new BrokerStartException(
                    "the broker's folder %s mixes files of the clusters %s and %s: restore it as a whole"
                            .formatted(folder, cluster, meta.getProperty(CLUSTER_ID)));
        }
    }

    private Properties load(String file) throws IOException {
        Properties properties = new Properties();
        Path path = folder.resolve(file);
        if (Files.exists(path)) {
            try (InputStream in = Files.newInputStream(path)) {
                properties.load(in);
            } catch (IllegalArgumentException e) {
                throw new BrokerStartException(
                        "%s cannot be read: %s".formatted(path, e.getMessage()), e);
            }
        }
        return properties;
    }

    private void store(Properties properties) throws IOException {
        Path target = folder.resolve(VERSIONS_FILE);
        Path fresh = folder.resolve(VERSIONS_FILE + ".tmp");
        try (OutputStream out = Files.newOutputStream(fresh)) {
            properties.store(out, "Written once, when the folder was formatted");
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static BrokerStartException inUse(Path folder) {
        return new BrokerStartException(
                "the broker's folder %s is in use by another running instance".formatted(folder));
    }

    private static BrokerStartException notWritable(Path folder, IOException cause) {
        return new BrokerStartException(
                "the broker's folder %s is not writable: %s".formatted(folder, cause), cause);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // It was opened for a lock that was not had: there is nothing to lose in it.
        }
    }
}
