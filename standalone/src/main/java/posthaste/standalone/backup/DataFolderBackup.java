package posthaste.standalone.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import posthaste.bounce.deliverylog.LogDatabase;

/**
 * Copies a data folder while Posthaste runs on it, in the order on which no-loss rests:
 *
 * <ol>
 *   <li>Bodies, until little is left to copy: what the janitor removes meanwhile nobody needs.
 *   <li>The groups' offsets. What they call settled led to records that are on their topics by now.
 *   <li>All other topics: so these records are in the copy, or were settled in turn since the
 *       backup began. A torn end is cut off by the broker, which finds no mark of an orderly stop.
 *   <li>Bodies that came meanwhile: every body is durable before a record names it.
 *   <li>The log, which may know more than the topics, never less.
 * </ol>
 */
public final class DataFolderBackup {
    static final String KAFKA = "kafka";
    static final String BODIES = "bodies";
    static final String LOG = "delivery-log";

    /** Written last. */
    static final String COMPLETE = "posthaste.backup";

    private static final String OFFSETS = "__consumer_offsets-";
    private static final String METADATA = "__cluster_metadata-0";

    /** Of the data folder itself. */
    static final List<String> FILES =
            List.of("posthaste.version", "posthaste.run", "admin-password");

    /** While a round copies more than this, another one is worth its time. */
    private static final long LITTLE = 64L * 1024 * 1024;

    private static final int ROUNDS = 5;

    /** Rebuilt by a broker that finds them missing, or of a process. */
    private static final Set<String> NOT_OF_KAFKA =
            Set.of(
                    ".lock",
                    "instance.lock",
                    ".kafka_cleanshutdown",
                    "recovery-point-offset-checkpoint",
                    "replication-offset-checkpoint",
                    "cleaner-offset-checkpoint");

    private static final List<String> NOT_OF_A_TOPIC =
            List.of(".index", ".timeindex", ".txnindex", ".deleted", ".cleaned", ".swap", ".tmp");

    private final Path data;
    private final List<Path> bodyFolders;
    private final LogDatabase log;

    public DataFolderBackup(Path data, List<Path> bodyFolders, LogDatabase log) {
        this.data = data;
        // Of bodies in a bucket there is no folder; the bucket keeps versions.
        this.bodyFolders = bodyFolders.stream().filter(Files::isDirectory).toList();
        this.log = log;
    }

    /**
     * What was copied.
     *
     * @param bytes of bodies and topics
     * @param logRows of the delivery log
     */
    public record Copied(long bytes, long logRows) {}

    /** Copies into an empty folder. */
    public Copied into(Path target) throws IOException, SQLException {
        long bytes = 0;
        long round = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS && round > LITTLE; i++) {
            round = copyBodies(target);
            bytes += round;
        }
        bytes += copyKafka(target);
        bytes += copyBodies(target);
        for (String name : FILES) {
            if (Files.exists(data.resolve(name))) {
                Files.copy(
                        data.resolve(name),
                        target.resolve(name),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        long rows;
        try (Connection connection = log.connection()) {
            rows = LogDump.export(connection, target.resolve(LOG));
        }
        Files.writeString(target.resolve(COMPLETE), "posthaste backup, format 1\n");
        return new Copied(bytes, rows);
    }

    private long copyBodies(Path target) throws IOException {
        long bytes = 0;
        for (int i = 0; i < bodyFolders.size(); i++) {
            bytes +=
                    new GrowingFiles(
                                    bodyFolders.get(i),
                                    target.resolve(BODIES).resolve(Integer.toString(i)),
                                    path -> !path.startsWith(".unfinished"))
                            .copy();
        }
        return bytes;
    }

    private long copyKafka(Path target) throws IOException {
        Path kafka = data.resolve(KAFKA);
        Path to = target.resolve(KAFKA);
        long bytes = new GrowingFiles(kafka, to, DataFolderBackup::isOfTheBroker).copy();
        bytes += copyTopics(kafka, to, name -> name.startsWith(OFFSETS));
        bytes += copyTopics(kafka, to, name -> !name.startsWith(OFFSETS) && !name.equals(METADATA));
        // Which topics there are comes last: a broker puts away the folder of one it has not heard
        // of.
        return bytes + copyTopics(kafka, to, METADATA::equals);
    }

    private static long copyTopics(Path kafka, Path to, Predicate<String> which)
            throws IOException {
        List<Path> topics;
        try (Stream<Path> all = Files.list(kafka)) {
            topics =
                    all.filter(Files::isDirectory)
                            .filter(topic -> which.test(topic.getFileName().toString()))
                            .sorted()
                            .toList();
        }
        long bytes = 0;
        for (Path topic : topics) {
            bytes +=
                    new GrowingFiles(
                                    topic,
                                    to.resolve(topic.getFileName()),
                                    DataFolderBackup::isOfATopic)
                            .copyUntilSteady();
        }
        return bytes;
    }

    private static boolean isOfTheBroker(Path path) {
        return path.getNameCount() == 1 && !NOT_OF_KAFKA.contains(path.toString());
    }

    private static boolean isOfATopic(Path path) {
        String name = path.toString();
        return NOT_OF_A_TOPIC.stream().noneMatch(name::endsWith);
    }
}
