package posthaste.bounce.deliverylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An export is whole, and as slow a client as may be holds up nobody. */
class LogExportIT {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String OUTBOUND = "mail.outbound.transactional";

    /** More than two portions. */
    private static final int MANY = 2_345;

    private static LogPostgres postgres;
    private static LogDatabase oneConnection;

    @BeforeAll
    static void fill() throws Exception {
        postgres = LogPostgres.start();
        oneConnection = LogDatabase.pooled(postgres.url(), "postgres", "", 1);
        DeliveryLog log =
                new DeliveryLog(
                        postgres.database(),
                        1,
                        InstantSource.fixed(NOON),
                        new SimpleMeterRegistry());
        String[] many = new String[MANY];
        for (int i = 0; i < MANY; i++) {
            many[i] = "member" + i + "@list.example";
        }
        List<Story> stories =
                List.of(
                        Story.of(NOON, "app@example.com", "one@example.org", "two@example.org"),
                        Story.of(NOON.plusSeconds(1), "app@example.com", many),
                        Story.of(NOON.plusSeconds(2), "app@example.com", "three@example.org"));
        log.write(
                OUTBOUND,
                0,
                0,
                stories.size(),
                Story.on(OUTBOUND, 0, 0, stories.stream().map(Story::acceptance).toList()));
    }

    @AfterAll
    static void stop() throws Exception {
        oneConnection.close();
        postgres.close();
    }

    @Test
    void aMailOfManyRecipientsIsReadInPortionsAndEachOfThemComesOnce() throws Exception {
        List<String> all = new ArrayList<>();
        assertThat(
                        export(postgres.database())
                                .export(LogQuery.all(1), Long.MAX_VALUE, r -> all.add(key(r))))
                .isEqualTo(MANY + 3);
        assertThat(all).doesNotHaveDuplicates().hasSize(MANY + 3);
        assertThat(all.getFirst()).endsWith("three@example.org");
        assertThat(all.getLast()).endsWith("two@example.org");
    }

    @Test
    void whileAClientReadsNobodyWaitsForItsConnection() throws Exception {
        Set<String> seen = new HashSet<>();
        export(oneConnection)
                .export(
                        LogQuery.all(1),
                        Long.MAX_VALUE,
                        row -> {
                            seen.add(key(row));
                            // The only one that there is: had the export kept it, this would fail.
                            try (Connection another = oneConnection.connection()) {
                                assertThat(another.isValid(1)).isTrue();
                            }
                        });
        assertThat(seen).hasSize(MANY + 3);
    }

    @Test
    void asManyAsMayBeAtOnceAreWrittenAndTheNextIsToldSo() throws Exception {
        LogExport export = export(postgres.database());
        CountDownLatch begun = new CountDownLatch(LogExport.AT_ONCE);
        CountDownLatch enough = new CountDownLatch(1);
        List<Future<Long>> running = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < LogExport.AT_ONCE; i++) {
                running.add(
                        clients.submit(() ->
                                export.export(
                                        LogQuery.all(1),
                                        Long.MAX_VALUE,
                                        _ -> {
                                            begun.countDown();
                                            enough.await();
                                        })));
            }
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> export.export(LogQuery.all(1), 1, _ -> {}))
                    .isInstanceOf(TooManyExportsException.class)
                    .hasMessageContaining("as many as may be");
            enough.countDown();
            for (Future<Long> one : running) {
                assertThat(one.get()).isEqualTo(MANY + 3);
            }
        }
        assertThat(export.export(LogQuery.all(1), Long.MAX_VALUE, _ -> {})).isEqualTo(MANY + 3);
    }

    private static LogExport export(LogDatabase database) {
        return new LogExport(database, new LogSearch(database, new SimpleMeterRegistry()));
    }

    private static String key(ExportedRecipient row) {
        return row.mailId() + " " + row.recipient();
    }
}
