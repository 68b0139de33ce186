package posthaste.bounce.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import posthaste.bounce.audit.QueueTopics;
import posthaste.bounce.audit.QueueView;
import posthaste.bounce.deliverylog.LogPostgres;
import posthaste.mail.envelope.Stream;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.QueuedRecord;
import posthaste.testing.SettableClock;

/** Of all instances one reads the queue in a minute. */
class QueueSamplerIT {
    private static LogPostgres postgres;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-11-22T12:00:07Z"));
    private final AtomicInteger looks = new AtomicInteger();
    private boolean brokerIsAway;

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = LogPostgres.start();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    @Test
    void whoeverComesFirstLooksAndWhoeverFailsLeavesTheMinuteToAnother() throws Exception {
        QueueSampler one = sampler();
        QueueSampler two = sampler();
        one.round();
        int once = looks.get();
        assertThat(once).isPositive();
        two.round();
        one.round();
        assertThat(looks).hasValue(once);
        assertThat(samples()).containsExactly("0|0|0");

        clock.advance(Duration.ofMinutes(1));
        brokerIsAway = true;
        two.round();
        assertThat(samples()).hasSize(1);
        brokerIsAway = false;
        one.round();
        assertThat(samples()).containsExactly("0|0|0", "0|0|0");

        // An instance that died over its look is not waited for, nor drawn.
        clock.advance(Duration.ofMinutes(1));
        assertThat(new QueueSamples(postgres.database(), Duration.ofDays(1)).take(minute()))
                .isTrue();
        clock.advance(Duration.ofMinutes(1));
        one.round();
        assertThat(samples()).hasSize(3).last().isEqualTo("null|null|null");
        clock.advance(Duration.ofMinutes(10));
        one.round();
        assertThat(samples()).hasSize(4).last().isEqualTo("0|0|0");
        Chart depth =
                new QueueSamples(postgres.database(), Duration.ofDays(1))
                        .charts(
                                minute().minusSeconds(3600),
                                minute().plusSeconds(60),
                                Duration.ofMinutes(1))
                        .getFirst();
        assertThat(depth.points()).hasSize(3);
    }

    private Instant minute() {
        return clock.instant().minusSeconds(7);
    }

    private static List<String> samples() throws Exception {
        return postgres.rows(
                "SELECT jobs, recipients, oldest_seconds FROM queue_sample ORDER BY minute");
    }

    /** Of an instance of its own. */
    private QueueSampler sampler() {
        QueueScanner scanner =
                new QueueScanner() {
                    @Override
                    public void scan(
                            String group, List<String> topics, Consumer<QueuedRecord> visitor)
                            throws QueueUnavailableException {
                        if (brokerIsAway) {
                            throw new QueueUnavailableException(
                                    "no broker", new IllegalStateException("away"));
                        }
                        looks.incrementAndGet();
                    }

                    @Override
                    public void read(
                            String topic,
                            Instant since,
                            boolean onwards,
                            Consumer<QueuedRecord> visitor) {
                        throw new UnsupportedOperationException("a sample reads no topic");
                    }

                    @Override
                    public List<Long> ends(String topic) {
                        throw new UnsupportedOperationException("a sample waits for no topic");
                    }
                };
        return new QueueSampler(
                new QueueView(
                        scanner, QueueTopics.of(List.of(new Stream("bulk")), List.of()), clock),
                new QueueSamples(postgres.database(), Duration.ofDays(1)),
                Duration.ofMinutes(1),
                clock,
                new SimpleMeterRegistry());
    }
}
