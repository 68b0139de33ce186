package posthaste.bounce.deliverylog;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.bounce.inbound.rules.BounceClassifier;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.Notice;
import posthaste.mail.record.QuarantineOrder;
import posthaste.mail.record.Split;
import posthaste.queue.BatchWriter;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueuedRecord;

/**
 * Writes acceptances and events to the log. A batch, its offset included, is written whole or not
 * at all; a batch that comes again changes nothing; and in whatever order acceptances and events
 * come, the same rows stand in the end.
 */
public final class DeliveryLog implements BatchWriter {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLog.class);

    private static final int LAST_YEAR = 9999;

    /** In the tally, instead of a topic: each reader moves rows of its own. */
    private static final String AGAIN = "";

    private final LogDatabase database;
    private final LogDays days;
    private final ReplyDictionary replies;
    private final ChartDomains domains;
    private final Semaphore writers;
    private final InstantSource clock;
    private final Counter rows;
    private final Counter unwritable;
    private final Timer batches;
    private final DistributionSummary sizes;
    private final MeterRegistry meters;
    private final Map<String, AtomicLong> lags = new ConcurrentHashMap<>();

    /**
     * Writes to {@code database}.
     *
     * @param writers batches written at once; more only wait for each other in the database, and
     *     for connections that searches want
     * @param rules that say what a refusal means; asked again when they have changed
     * @param chartDomains destinations that have figures of their own, at most
     */
    public DeliveryLog(
            LogDatabase database,
            int writers,
            Supplier<BounceClassifier> rules,
            int chartDomains,
            InstantSource clock,
            MeterRegistry meters) {
        this.database = database;
        this.writers = new Semaphore(writers, true);
        this.days = new LogDays();
        this.replies = new ReplyDictionary(rules);
        this.domains = new ChartDomains(chartDomains);
        this.clock = clock;
        this.meters = meters;
        this.rows =
                Counter.builder("posthaste.log.rows")
                        .description("Rows sent to the delivery log, repeats included")
                        .register(meters);
        this.unwritable =
                Counter.builder("posthaste.log.unwritable")
                        .description(
                                "Records passed over because the database refuses their values")
                        .register(meters);
        this.sizes =
                DistributionSummary.builder("posthaste.log.batch.records")
                        .description("Records of a batch written to the delivery log")
                        .register(meters);
        this.batches =
                Timer.builder("posthaste.log.batches")
                        .description("Batches written to the delivery log")
                        .register(meters);
    }

    /** By rules that do not change, and with as many chart domains as is usual. */
    public DeliveryLog(
            LogDatabase database,
            int writers,
            BounceClassifier rules,
            InstantSource clock,
            MeterRegistry meters) {
        this(database, writers, () -> rules, LogProperties.CHART_DOMAINS, clock, meters);
    }

    /** By the shipped rules, and with as many chart domains as is usual. */
    public DeliveryLog(
            LogDatabase database, int writers, InstantSource clock, MeterRegistry meters) {
        this(database, writers, RuleBook.shipped(), clock, meters);
    }

    @Override
    public long nextOffset(String topic, int partition) throws PartUnavailableException {
        try (Connection connection = database.connection();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT next_offset FROM log_offset"
                                        + " WHERE topic = ? AND partition = ?")) {
            statement.setString(1, topic);
            statement.setInt(2, partition);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? result.getLong(1) : 0;
            }
        } catch (SQLException e) {
            throw away(e);
        }
    }

    @Override
    public void write(
            String topic, int partition, long expected, long next, List<QueuedRecord> records)
            throws PartUnavailableException, InterruptedException {
        writers.acquire();
        try {
            writeBatch(topic, partition, expected, next, records);
        } finally {
            writers.release();
        }
    }

    /** Writes records whatever offset their reader notes: what is known already changes nothing. */
    void writeAgain(List<QueuedRecord> records)
            throws PartUnavailableException, InterruptedException {
        writers.acquire();
        try {
            write(AGAIN, 0, records, _ -> {});
        } finally {
            writers.release();
        }
    }

    private void writeBatch(
            String topic, int partition, long expected, long next, List<QueuedRecord> records)
            throws PartUnavailableException {
        write(
                topic,
                partition,
                records,
                connection -> advance(connection, topic, partition, expected, next));
        if (!records.isEmpty()) {
            lag(topic).set(clock.millis() - records.getLast().timestamp().toEpochMilli());
        }
    }

    private void write(String topic, int partition, List<QueuedRecord> records, FirstStep firstStep)
            throws PartUnavailableException {
        long begun = System.nanoTime();
        try (Connection connection = database.connection()) {
            days.prepare(connection, daysOf(records));
            Map<Event.Entry, Optional<ReplyDictionary.Entry>> said = prepare(connection, records);
            connection.setAutoCommit(false);
            try {
                firstStep.take(connection);
                rows.increment(writeAll(connection, topic, partition, records, said));
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            forget();
            throw away(e);
        }
        batches.record(Duration.ofNanos(System.nanoTime() - begun));
        sizes.record(records.size());
    }

    /**
     * Adds up the rollup.
     *
     * @return false: nothing is left
     */
    boolean addUp(RollupSteps steps) throws SQLException {
        try (Connection connection = database.connection()) {
            domains.read(connection);
            new RollupSums(connection, steps, clock.instant()).run();
            return false;
        }
    }

    /**
     * Builds one of the indexes that a migration has left for later.
     *
     * @return whether there was one
     */
    boolean buildIndex() throws SQLException {
        try (Connection connection = database.connection()) {
            return new IndexUpkeep(connection).run();
        }
    }

    /** Lets the busy destinations have figures of their own. */
    void electChartDomains() throws SQLException {
        try (Connection connection = database.connection()) {
            domains.elect(connection);
        }
    }

    /**
     * Drops the days that were accepted before {@code oldest}, but for those with open recipients.
     */
    List<LocalDate> dropBefore(LocalDate oldest) throws SQLException {
        try (Connection connection = database.connection()) {
            return days.dropBefore(connection, oldest);
        }
    }

    /** What of another database, or of one that another process has changed, may not be so. */
    private void forget() {
        days.forget();
        replies.forget();
        domains.forget();
    }

    /** The dictionary and the chart domains know what the batch needs of them. */
    private Map<Event.Entry, Optional<ReplyDictionary.Entry>> prepare(
            Connection connection, List<QueuedRecord> records) throws SQLException {
        Map<Event.Entry, Optional<ReplyDictionary.Entry>> said = new HashMap<>();
        Map<ReplyDictionary.Entry, LocalDate> days = new HashMap<>();
        Set<String> to = new HashSet<>();
        for (QueuedRecord record : records) {
            if (hasStorableDay(record)) {
                switch (record.content()) {
                    case Job job when !job.derived() -> addDomains(job.envelope().envelope(), to);
                    case Split split -> addDomains(split.envelope().envelope(), to);
                    case Event event -> EventStatement.prepare(event, replies, said, days, to);
                    case Job _, Notice _, QuarantineOrder _ -> {}
                }
            }
        }
        replies.note(connection, days);
        domains.meet(connection, to);
        return said;
    }

    private static void addDomains(Envelope envelope, Set<String> to) {
        for (Recipient recipient : envelope.recipients()) {
            to.add(Addresses.domain(recipient.address().toString()));
        }
    }

    /** Makes a day's partitions ahead of its first mail. */
    void prepare(LocalDate day) throws SQLException {
        try (Connection connection = database.connection()) {
            days.prepare(connection, Set.of(day));
        }
    }

    /**
     * Compare-and-set of the offset, first of all: its row lock lets one reader of a partition in
     * at a time, so that a zombie finds the offset moved.
     */
    private static void advance(
            Connection connection, String topic, int partition, long expected, long next)
            throws SQLException {
        String sql =
                expected == 0
                        ? """
                        INSERT INTO log_offset AS o (next_offset, topic, partition) VALUES (?, ?, ?)
                        ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset
                        WHERE o.next_offset = ?
                        """
                        : """
                        UPDATE log_offset SET next_offset = ?
                        WHERE topic = ? AND partition = ? AND next_offset = ?
                        """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, next);
            statement.setString(2, topic);
            statement.setInt(3, partition);
            statement.setLong(4, expected);
            if (statement.executeUpdate() != 1) {
                throw new SQLException(
                        "%s-%d does not stand at offset %d: another process reads it"
                                .formatted(topic, partition, expected));
            }
        }
    }

    /**
     * Writes the batch at once; if the database refuses a value in it, record by record, and passes
     * over the one that it refuses: one strange record must not stop the log.
     */
    private int writeAll(
            Connection connection,
            String topic,
            int partition,
            List<QueuedRecord> records,
            Map<Event.Entry, Optional<ReplyDictionary.Entry>> said)
            throws SQLException {
        Savepoint beforeAll = connection.setSavepoint();
        try {
            return writeAtOnce(connection, topic, partition, records, said);
        } catch (SQLException e) {
            if (!isRefusedValue(e)) {
                throw e;
            }
            connection.rollback(beforeAll);
        }
        int written = 0;
        for (QueuedRecord record : records) {
            Savepoint before = connection.setSavepoint();
            try {
                written += writeAtOnce(connection, topic, partition, List.of(record), said);
                connection.releaseSavepoint(before);
            } catch (SQLException e) {
                if (!isRefusedValue(e)) {
                    throw e;
                }
                connection.rollback(before);
                unwritable.increment();
                LOG.error(
                        "the delivery log passes over {}-{} offset {}, mail {}: {}",
                        topic,
                        partition,
                        record.offset(),
                        record.content().mailId(),
                        e.getMessage());
            }
        }
        return written;
    }

    private int writeAtOnce(
            Connection connection,
            String topic,
            int partition,
            List<QueuedRecord> records,
            Map<Event.Entry, Optional<ReplyDictionary.Entry>> said)
            throws SQLException {
        AcceptanceStatement acceptances = new AcceptanceStatement(domains);
        EventStatement events = new EventStatement(said, domains);
        Conversations conversations = new Conversations();
        for (QueuedRecord record : records) {
            if (!hasStorableDay(record)) {
                throw new SQLException("a mail of the year 10000 or later", "22008");
            }
            switch (record.content()) {
                case Job job when !job.derived() ->
                        acceptances.add(job.envelope().envelope(), job.body().length());
                case Split split ->
                        acceptances.add(split.envelope().envelope(), split.body().length());
                case Event event -> {
                    event.entries().forEach(entry -> events.add(event, entry));
                    conversations.add(event);
                }
                // A derived job's acceptance is recorded elsewhere; a notice is no news of its own.
                case Job _, Notice _, QuarantineOrder _ -> {}
            }
        }
        conversations.execute(connection);
        return acceptances.execute(connection, topic, partition)
                + events.execute(connection, topic, partition);
    }

    private static Set<LocalDate> daysOf(List<QueuedRecord> records) {
        Set<LocalDate> days = new HashSet<>();
        records.stream()
                .filter(DeliveryLog::hasStorableDay)
                .forEach(record -> days.add(record.content().mailId().day()));
        return days;
    }

    /** An id has room for years that no calendar of ours is meant for. */
    private static boolean hasStorableDay(QueuedRecord record) {
        return record.content().mailId().day().getYear() <= LAST_YEAR;
    }

    /**
     * SQLSTATE classes 22 (data exception), 54 (program limit exceeded) and 23 (integrity
     * violation), but for 23514, which a partition that was dropped under us raises.
     */
    private static boolean isRefusedValue(SQLException e) {
        String state = e.getSQLState();
        return state != null
                && (state.startsWith("22")
                        || state.startsWith("54")
                        || (state.startsWith("23") && !state.equals("23514")));
    }

    private static PartUnavailableException away(SQLException e) {
        return new PartUnavailableException(
                "the delivery log's database is away: " + e.getMessage(), e);
    }

    private AtomicLong lag(String topic) {
        return lags.computeIfAbsent(
                topic,
                name -> {
                    AtomicLong millis = new AtomicLong();
                    TimeGauge.builder("posthaste.log.lag", () -> millis, TimeUnit.MILLISECONDS)
                            .description("Age of the last record of a batch when it was written")
                            .tag("topic", name)
                            .register(meters);
                    return millis;
                });
    }

    /** What a batch's transaction begins with. */
    @FunctionalInterface
    private interface FirstStep {
        void take(Connection connection) throws SQLException;
    }
}
