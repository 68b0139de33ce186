package posthaste.bounce.deliverylog;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import posthaste.testing.SettableClock;

/** Who looks at the log or at the gauge sees what upkeep does not get done. */
class LastSuccessTest {
    private final SettableClock clock = SettableClock.at(Instant.parse("2026-11-22T12:00:00Z"));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(LastSuccess.class);

    @BeforeEach
    void listen() {
        said.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(said);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(said);
        logger.setLevel(null);
    }

    @Test
    void aFailureIsToldOnceUntilItGoesWellAgainAndTheGaugeStandsStill() throws Exception {
        Deque<SQLException> failures = new ArrayDeque<>();
        LogUpkeep upkeep =
                new LogUpkeep(
                        "test",
                        () -> {
                            if (failures.isEmpty()) {
                                return false;
                            }
                            throw failures.pop();
                        },
                        new LastSuccess("rollup", "the adding up", clock, meters));
        clock.advance(Duration.ofMinutes(1));
        upkeep.round();
        long well = gauge();
        assertThat(well).isEqualTo(clock.millis());
        assertThat(lines()).isEmpty();

        failures.add(new SQLException("connection refused"));
        failures.add(new SQLException("connection refused"));
        for (int i = 0; i < 2; i++) {
            clock.advance(Duration.ofMinutes(1));
            upkeep.round();
        }
        assertThat(gauge()).isEqualTo(well);
        assertThat(lines())
                .singleElement()
                .asString()
                .startsWith("WARN the adding up")
                .contains("connection refused");

        upkeep.round();
        assertThat(gauge()).isEqualTo(clock.millis());
        assertThat(lines()).hasSize(2).last().asString().startsWith("INFO the adding up");
    }

    private long gauge() {
        return (long)
                meters.get("posthaste.log.upkeep.last.success")
                        .tag("task", "rollup")
                        .timeGauge()
                        .value(TimeUnit.MILLISECONDS);
    }

    private List<String> lines() {
        return said.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .map(line -> line.getLevel() + " " + line.getFormattedMessage())
                .toList();
    }
}
