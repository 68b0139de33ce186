package posthaste.bounce.suppression;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import posthaste.bounce.deliverylog.LogDatabase;
import posthaste.queue.control.Fact;
import posthaste.queue.control.SharedFacts;
import posthaste.service.lifecycle.Phases;
import posthaste.service.suppression.Suppression;
import posthaste.service.suppression.SuppressionCodec;
import posthaste.service.suppression.SuppressionCodec.Said;

/**
 * Keeps the table that is searched as the topic says: reads the topic from its beginning at each
 * start, and writes what is otherwise in the table. So a database that was away, or is a new one,
 * is whole again without anybody's doing.
 */
public final class SuppressionView implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(SuppressionView.class);
    private static final int BATCH = 5_000;
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration PAUSE_WHEN_AWAY = Duration.ofSeconds(2);
    private static final Duration TIDY = Duration.ofMinutes(1);

    private static final String UPSERT =
            """
            INSERT INTO suppression AS s
                (stream, address, class, in_force, count, reason, source, since, last, expires)
            SELECT * FROM unnest(?::text[], ?::text[], ?::smallint[], ?::boolean[], ?::integer[], ?::text[],
                ?::text[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[])
            ON CONFLICT (address, stream) DO UPDATE SET class = excluded.class, in_force = excluded.in_force,
                count = excluded.count, reason = excluded.reason, source = excluded.source,
                since = excluded.since, last = excluded.last, expires = excluded.expires
            WHERE (s.class, s.in_force, s.count, s.reason, s.source, s.since, s.last, s.expires)
                IS DISTINCT FROM (excluded.class, excluded.in_force, excluded.count, excluded.reason,
                    excluded.source, excluded.since, excluded.last, excluded.expires)
            """;

    /** A part at a time, so that a day on which a million expire is a day like any other. */
    private static final String FORGET =
            """
            DELETE FROM suppression WHERE ctid IN
                (SELECT ctid FROM suppression WHERE expires < ? LIMIT 2000)
            """;

    private final SharedFacts facts;
    private final LogDatabase database;
    private final InstantSource clock;

    /** Between the thread that reads and the one that writes; full while the database is away. */
    private final BlockingQueue<Said> unwritten = new ArrayBlockingQueue<>(2 * BATCH);

    private volatile boolean running;
    private @Nullable Thread writer;
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private long tidiedAt = System.nanoTime();
    private boolean away;

    public SuppressionView(SharedFacts facts, LogDatabase database, InstantSource clock) {
        this.facts = facts;
        this.database = database;
        this.clock = clock;
        facts.listen(SuppressionCodec.KIND, this::told);
    }

    private void told(Fact fact) {
        SuppressionCodec.read(fact)
                .ifPresent(said -> {
                    try {
                        unwritten.put(said);
                        read.incrementAndGet();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /**
     * Waits until the table has what the topic had at the start.
     *
     * @return whether it has, within {@code atMost}
     */
    public boolean awaitWhole(Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        if (!facts.awaitWhole(atMost)) {
            return false;
        }
        while (written.get() < read.get()) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            Thread.sleep(LOOK.dividedBy(10));
        }
        return true;
    }

    @Override
    public void start() {
        running = true;
        writer = Thread.ofPlatform().name("suppression-view").daemon().start(this::run);
        facts.start();
    }

    @Override
    public void stop() {
        Thread thread = writer;
        if (running && thread != null) {
            running = false;
            thread.interrupt();
            facts.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.CONSUMERS;
    }

    private void run() {
        List<Said> batch = new ArrayList<>();
        while (running) {
            try {
                gather(batch);
                long taken = batch.size();
                if (taken > 0) {
                    write(batch);
                    batch.clear();
                    written.addAndGet(taken);
                } else if (System.nanoTime() - tidiedAt > TIDY.toNanos()) {
                    forgetTheExpired();
                }
                away = false;
            } catch (SQLException e) {
                if (!away) {
                    away = true;
                    LOG.warn("the suppression list cannot be shown as it is: {}", e.getMessage());
                }
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void gather(List<Said> batch) throws InterruptedException {
        if (batch.isEmpty()) {
            Said first = unwritten.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            if (first != null) {
                batch.add(first);
                unwritten.drainTo(batch, BATCH - 1);
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_WHEN_AWAY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }

    /** In the order of the keys, so that two instances that write the same wait for each other. */
    private void write(List<Said> batch) throws SQLException {
        SortedMap<String, Said> newest = new TreeMap<>();
        batch.forEach(said -> newest.put(said.key().toString(), said));
        Collection<Said> rows = newest.values();
        try (Connection connection = database.connection();
                PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            Columns columns = new Columns(rows.size());
            rows.forEach(columns::add);
            columns.bind(upsert);
            upsert.executeUpdate();
        }
    }

    private void forgetTheExpired() throws SQLException {
        try (Connection connection = database.connection();
                PreparedStatement forget = connection.prepareStatement(FORGET)) {
            forget.setTimestamp(1, Timestamp.from(clock.instant()));
            if (forget.executeUpdate() == 0) {
                tidiedAt = System.nanoTime();
            }
        }
    }

    /** Rows as one array a column. */
    private static final class Columns {
        private final @Nullable Object[][] columns;
        private int row;

        Columns(int rows) {
            columns =
                    new Object[][] {
                        new String[rows],
                        new String[rows],
                        new Short[rows],
                        new Boolean[rows],
                        new Integer[rows],
                        new String[rows],
                        new String[rows],
                        new Timestamp[rows],
                        new Timestamp[rows],
                        new Timestamp[rows]
                    };
        }

        void add(Said said) {
            switch (said) {
                case Said.Listed(Suppression entry) ->
                        add(
                                entry.key().streamWord(),
                                entry.key().address(),
                                (short) entry.suppressionClass().code(),
                                entry.inForce(),
                                entry.count(),
                                entry.reason(),
                                entry.source(),
                                Timestamp.from(entry.since()),
                                Timestamp.from(entry.last()),
                                entry.expires().map(Timestamp::from).orElse(null));
                case Said.Removed removed ->
                        add(
                                removed.key().streamWord(),
                                removed.key().address(),
                                (short) 0,
                                false,
                                0,
                                removed.reason(),
                                removed.source(),
                                Timestamp.from(removed.at()),
                                Timestamp.from(removed.at()),
                                null);
            }
        }

        private void add(@Nullable Object... values) {
            for (int i = 0; i < values.length; i++) {
                columns[i][row] = values[i];
            }
            row++;
        }

        void bind(PreparedStatement statement) throws SQLException {
            String[] types = {
                "text",
                "text",
                "int2",
                "bool",
                "int4",
                "text",
                "text",
                "timestamptz",
                "timestamptz",
                "timestamptz"
            };
            for (int i = 0; i < types.length; i++) {
                statement.setArray(
                        i + 1, statement.getConnection().createArrayOf(types[i], columns[i]));
            }
        }
    }
}
