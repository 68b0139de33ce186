package posthaste.bounce.deliverylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.bounce.deliverylog.LogQuery.Details;
import posthaste.bounce.deliverylog.LogQuery.Outcome;
import posthaste.mail.envelope.MailId;
import posthaste.mail.record.Event;
import posthaste.mail.record.Topics;

/**
 * How fast a large log answers, is written to meanwhile, is exported, and lets go of a day; {@code
 * -Dposthaste.log.mails} says how large, {@code -Dposthaste.log.folder} where it lies and stays for
 * the next time. The figures are printed (docs/delivery-log.md has those of a machine); the bounds
 * only tell a wreck, as a search without its index would be, or an export that keeps what it has
 * written.
 */
@Tag("full")
class LogScaleIT {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final long MAILS = Long.getLong("posthaste.log.mails", 200_000);
    private static final int ROUNDS = 7;
    private static final int WRITTEN = 60_000;
    private static final long EXPORTED = 1_000_000;
    private static final int BATCH = 1_000;
    private static final Duration WRECK = Duration.ofSeconds(9);

    @Test
    void everySearchIsAnsweredWhileTheLogIsWrittenTo(@TempDir Path temporary) throws Exception {
        Path folder = Path.of(System.getProperty("posthaste.log.folder", temporary + "/log"));
        try (LogPostgres postgres = LogPostgres.start(folder)) {
            fill(postgres);
        }
        forget(folder);
        try (LogPostgres postgres = LogPostgres.start(folder)) {
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            LogSearch search = new LogSearch(postgres.database(), meters);
            Map<String, Duration> slowest = new LinkedHashMap<>();
            System.out.println("after a start, nothing in memory:");
            slowest.putAll(measure(search, 1, ROUNDS));
            System.out.println("then:");
            slowest.putAll(measure(search, ROUNDS, 0));
            DeliveryLog log =
                    new DeliveryLog(postgres.database(), 4, InstantSource.fixed(NOON), meters);
            double alone = written(log, 0);
            AtomicBoolean enough = new AtomicBoolean();
            try (ExecutorService searcher = Executors.newSingleThreadExecutor()) {
                Future<Integer> searches =
                        searcher.submit(() -> {
                            int count = 0;
                            while (!enough.get()) {
                                for (LogQuery query : queries(count).values()) {
                                    search.find(query);
                                    count++;
                                }
                            }
                            return count;
                        });
                double beside = written(log, 1);
                enough.set(true);
                System.out.printf(
                        "written: %,.0f events a second alone, %,.0f beside %d searches%n",
                        alone, beside, searches.get());
            }
            export(new LogExport(postgres.database(), search));
            long dropping = System.nanoTime();
            int dropped =
                    log.dropBefore(LocalDate.ofInstant(NOON, ZoneOffset.UTC).minusDays(29)).size();
            System.out.printf("retention: %d days dropped in %.2f s%n", dropped, seconds(dropping));
            assertThat(dropped).isPositive();
            assertThat(slowest.values()).allSatisfy(time -> assertThat(time).isLessThan(WRECK));
        }
    }

    /** Unless it is there. */
    private static void fill(LogPostgres postgres) throws Exception {
        long begun = System.nanoTime();
        if (postgres.rows("SELECT FROM mail LIMIT 1").isEmpty()) {
            try (Connection connection = postgres.database().connection()) {
                new LargeLog(connection, NOON).write(MAILS);
            }
        }
        System.out.printf(
                "delivery log of %,d mails: filled in %.0f s, %s%n",
                MAILS,
                seconds(begun),
                postgres.rows("SELECT pg_size_pretty(pg_database_size(current_database()))")
                        .getFirst());
    }

    /** Has the machine let go of what it remembers of these files. */
    private static void forget(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0", "status=none")
                        .inheritIO()
                        .start()
                        .waitFor();
            }
        }
    }

    private static Map<String, Duration> measure(LogSearch search, int rounds, int first)
            throws Exception {
        Map<String, List<Long>> times = new LinkedHashMap<>();
        for (int round = first; round < first + rounds; round++) {
            for (Map.Entry<String, LogQuery> query : queries(round).entrySet()) {
                List<LoggedMail> page = timed(times, query.getKey(), search, query.getValue());
                if (page.size() == query.getValue().limit()) {
                    timed(
                            times,
                            query.getKey() + ", next page",
                            search,
                            query.getValue().after(new MailId(page.getLast().id())));
                }
            }
        }
        Map<String, Duration> slowest = new LinkedHashMap<>();
        times.forEach((name, all) -> {
            all.sort(null);
            slowest.put(name, Duration.ofNanos(all.getLast()));
            System.out.printf(
                    "search by %-45s median %7.1f ms, slowest %7.1f ms%n",
                    name, all.get(all.size() / 2) / 1e6, all.getLast() / 1e6);
        });
        return slowest;
    }

    private static List<LoggedMail> timed(
            Map<String, List<Long>> times, String name, LogSearch search, LogQuery query)
            throws Exception {
        long begun = System.nanoTime();
        List<LoggedMail> found = search.find(query);
        times.computeIfAbsent(name, _ -> new ArrayList<>()).add(System.nanoTime() - begun);
        return found;
    }

    /** However long it is, it takes no more memory. */
    private static void export(LogExport export) throws Exception {
        long begun = System.nanoTime();
        long before = heap();
        AtomicLong rows = new AtomicLong();
        AtomicLong most = new AtomicLong();
        export.export(
                LogQuery.all(1),
                EXPORTED,
                _ -> {
                    if (rows.incrementAndGet() % 50_000 == 0) {
                        most.accumulateAndGet(heap() - before, Math::max);
                    }
                });
        System.out.printf(
                "export: %,d rows in %.1f s, at most %.1f MB more on the heap than before%n",
                rows.get(), seconds(begun), most.get() / 1e6);
        assertThat(rows.get()).isGreaterThanOrEqualTo(Math.min(MAILS, EXPORTED));
        assertThat(most.get()).isLessThan(32_000_000);
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** A different mail each time, so that nothing is answered from memory alone. */
    private static Map<String, LogQuery> queries(int round) {
        long number = Math.floorMod(round * 7_368_787L + 13, MAILS);
        String recipient = LargeLog.recipient(number);
        String domain = recipient.substring(recipient.indexOf('@') + 1);
        Map<String, LogQuery> all = new LinkedHashMap<>();
        all.put("nothing", query("", "", details("", "", "", "", "", null)));
        all.put("recipient", query(recipient, "", details("", "", "", "", "", null)));
        all.put(
                "recipient unknown",
                query("nobody@" + domain, "", details("", "", "", "", "", null)));
        all.put("sender", query("", LargeLog.sender(number), details("", "", "", "", "", null)));
        all.put(
                "Message-ID",
                query("", "", details(number + "@app.example.com", "", "", "", "", null)));
        all.put(
                "domain, frequent",
                query("", "", details("", "domain0.example", "", "", "", null)));
        all.put("domain, any", query("", "", details("", domain, "", "", "", null)));
        all.put("words, frequent", query("", "", details("", "", "user unknown", "", "", null)));
        all.put("words, rare", query("", "", details("", "", "DMARC policy", "", "", null)));
        all.put("words, none", query("", "", details("", "", "no such thing", "", "", null)));
        all.put("status", query("", "", details("", "", "", "5.7.26", "", null)));
        all.put("class", query("", "", details("", "", "", "", "MAILBOX_FULL", null)));
        all.put("outcome", query("", "", details("", "", "", "", "", Outcome.BOUNCED)));
        all.put("domain and words", query("", "", details("", domain, "disabled", "", "", null)));
        all.put(
                "sender, class and outcome",
                query(
                        "",
                        LargeLog.sender(number),
                        details("", "", "", "", "INVALID_RECIPIENT", Outcome.BOUNCED)));
        all.put(
                "recipient, of a week",
                between(query(recipient, "", details("", "", "", "", "", null)), 14, 7));
        all.put(
                "domain and class, of a week",
                between(
                        query("", "", details("", "domain0.example", "", "", "MAILBOX_FULL", null)),
                        21,
                        14));
        all.put("id", byId(LargeLog.id(NOON, number, MAILS)));
        all.put(
                "sender and rare words",
                query("", LargeLog.sender(number), details("", "", "DMARC policy", "", "", null)));
        return all;
    }

    private static LogQuery between(LogQuery query, int daysAgo, int untilDaysAgo) {
        return new LogQuery(
                query.recipient(),
                query.sender(),
                query.id(),
                Optional.of(NOON.minus(Duration.ofDays(daysAgo))),
                Optional.of(NOON.minus(Duration.ofDays(untilDaysAgo))),
                query.before(),
                query.limit(),
                query.details());
    }

    private static LogQuery byId(MailId id) {
        return new LogQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.of(id),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                50);
    }

    private static LogQuery query(String recipient, String sender, Details details) {
        return new LogQuery(
                given(recipient),
                given(sender),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                50,
                details);
    }

    private static Details details(
            String messageId,
            String domain,
            String reply,
            String status,
            String bounceClass,
            @Nullable Outcome outcome) {
        return new Details(
                given(messageId),
                given(domain),
                given(reply),
                given(status),
                given(bounceClass),
                Optional.empty(),
                Optional.ofNullable(outcome));
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(t -> !t.isEmpty());
    }

    /** Events a second of four readers, each with a partition of its own. */
    private static double written(DeliveryLog log, int run) throws Exception {
        List<List<Event>> parts = new ArrayList<>();
        for (int part = 0; part < 4; part++) {
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < WRITTEN / 4; i++) {
                String to = LargeLog.recipient(i * 31L);
                Instant at = NOON.plusMillis((i * 4L + part) * 2 + run);
                events.add(
                        Story.of(at, "campaign@example.com", to)
                                .delivered(to, 1, at.plusMillis(80)));
            }
            parts.add(events);
        }
        long begun = System.nanoTime();
        try (ExecutorService readers = Executors.newFixedThreadPool(4)) {
            List<Future<?>> done = new ArrayList<>();
            for (int part = 0; part < 4; part++) {
                int number = part;
                done.add(readers.submit(() -> write(log, number, parts.get(number))));
            }
            for (Future<?> one : done) {
                one.get();
            }
        }
        return WRITTEN / seconds(begun);
    }

    private static Void write(DeliveryLog log, int partition, List<Event> events) throws Exception {
        for (int from = 0; from < events.size(); from += BATCH) {
            List<Event> batch = events.subList(from, Math.min(from + BATCH, events.size()));
            long offset = log.nextOffset(Topics.EVENTS, partition);
            log.write(
                    Topics.EVENTS,
                    partition,
                    offset,
                    offset + batch.size(),
                    Story.on(Topics.EVENTS, partition, offset, batch));
        }
        return null;
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
