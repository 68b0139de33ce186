package posthaste.bounce.deliverylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import posthaste.bounce.deliverylog.LogQuery.Details;
import posthaste.bounce.deliverylog.LogQuery.Outcome;
import posthaste.mail.record.Event;
import posthaste.mail.record.Topics;

/**
 * How fast a large log answers, and is written to meanwhile; {@code -Dposthaste.log.mails} says how
 * large. The figures are printed (docs/delivery-log.md has those of a machine); the bounds only
 * tell a wreck, as a search without its index would be.
 */
@Tag("full")
class LogScaleIT {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final long MAILS = Long.getLong("posthaste.log.mails", 200_000);
    private static final int ROUNDS = 7;
    private static final int WRITTEN = 60_000;
    private static final int BATCH = 1_000;
    private static final Duration WRECK = Duration.ofSeconds(9);

    @Test
    void everySearchIsAnsweredWhileTheLogIsWrittenTo() throws Exception {
        try (LogPostgres postgres = LogPostgres.start()) {
            long begun = System.nanoTime();
            try (Connection connection = postgres.database().connection()) {
                new LargeLog(connection, NOON).write(MAILS);
            }
            System.out.printf(
                    "delivery log of %,d mails: filled in %.0f s, %s events, %s%n",
                    MAILS,
                    seconds(begun),
                    postgres.rows("SELECT count(*) FROM event").getFirst(),
                    postgres.rows("SELECT pg_size_pretty(pg_database_size(current_database()))")
                            .getFirst());
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            LogSearch search = new LogSearch(postgres.database(), meters);
            Map<String, Duration> slowest = measure(search);
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
            assertThat(slowest.values()).allSatisfy(time -> assertThat(time).isLessThan(WRECK));
        }
    }

    private static Map<String, Duration> measure(LogSearch search) throws Exception {
        Map<String, Duration> slowest = new LinkedHashMap<>();
        Map<String, long[]> times = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, LogQuery> query : queries(round).entrySet()) {
                long begun = System.nanoTime();
                int found = search.find(query.getValue()).size();
                long took = System.nanoTime() - begun;
                times.computeIfAbsent(query.getKey() + " (" + found + ")", _ -> new long[ROUNDS])[
                                round] =
                        took;
                slowest.merge(
                        query.getKey(),
                        Duration.ofNanos(took),
                        (a, b) -> a.compareTo(b) > 0 ? a : b);
            }
        }
        Map<String, List<Long>> merged = new LinkedHashMap<>();
        times.forEach((name, all) ->
                Arrays.stream(all)
                        .filter(t -> t > 0)
                        .forEach(t ->
                                merged.computeIfAbsent(
                                                name.substring(0, name.lastIndexOf(" (")),
                                                _ -> new ArrayList<>())
                                        .add(t)));
        merged.forEach((name, all) -> {
            all.sort(null);
            System.out.printf(
                    "search by %-40s median %6.1f ms, slowest %6.1f ms%n",
                    name, all.get(all.size() / 2) / 1e6, all.getLast() / 1e6);
        });
        return slowest;
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
                "sender and rare words",
                query("", LargeLog.sender(number), details("", "", "DMARC policy", "", "", null)));
        return all;
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
