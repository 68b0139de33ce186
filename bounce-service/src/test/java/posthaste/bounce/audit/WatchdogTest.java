package posthaste.bounce.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import posthaste.bounce.audit.AuditReport.Late;
import posthaste.bounce.audit.AuditReport.Unaccounted;
import posthaste.bounce.audit.Watchdog.Alarm;
import posthaste.bounce.audit.Watchdog.Line;

class WatchdogTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final Watchdog watchdog = new Watchdog(Duration.ofMinutes(15));

    @Test
    void whatIsMissingIsSaidAtOnceAgainWhenItGrowsAndThenNowAndAgain() {
        assertThat(watchdog.look(report(0, 0, 0))).isEmpty();
        List<Line> first = watchdog.look(report(30, 1, 0));
        assertThat(first).extracting(Line::alarm).containsExactly(Alarm.UNACCOUNTED);
        assertThat(first.getFirst().text()).contains("1 accepted recipients", "ann@example.org");
        assertThat(watchdog.look(report(60, 1, 0))).isEmpty();
        assertThat(watchdog.look(report(90, 2, 0))).hasSize(1);
        assertThat(watchdog.look(report(120, 2, 0))).isEmpty();
        assertThat(watchdog.look(report(90 + 600, 2, 0))).hasSize(1);
        List<Line> over = watchdog.look(report(720, 0, 0));
        assertThat(over).extracting(Line::isOver).containsExactly(true);
        assertThat(watchdog.look(report(750, 0, 0))).isEmpty();
    }

    @Test
    void whoIsLateIsSaidApartFromWhoIsMissing() {
        assertThat(watchdog.look(report(0, 1, 3)))
                .extracting(Line::alarm)
                .containsExactly(Alarm.UNACCOUNTED, Alarm.LATE);
    }

    @Test
    void aLogThatLagsIsAnAlarmOfLagAlone() {
        watchdog.look(report(0, 1, 1));
        assertThat(watchdog.look(lagging(899))).isEmpty();
        assertThat(watchdog.look(lagging(900))).extracting(Line::alarm).containsExactly(Alarm.LAG);
        assertThat(watchdog.look(lagging(930))).isEmpty();
        assertThat(watchdog.look(report(960, 0, 0)))
                .extracting(Line::alarm)
                .containsExactly(Alarm.UNACCOUNTED, Alarm.LATE, Alarm.LAG);
    }

    @Test
    void aLogThatHasNeverCaughtUpIsAnAlarmToo() {
        assertThat(watchdog.look(lagging(0))).isEmpty();
        assertThat(watchdog.look(lagging(900))).hasSize(1);
    }

    private static AuditReport lagging(int seconds) {
        return report(seconds, 0, 0, 5, false);
    }

    private static AuditReport report(int seconds, long unaccounted, long late) {
        return report(seconds, unaccounted, late, 0, true);
    }

    private static AuditReport report(
            int seconds, long unaccounted, long late, long behind, boolean judged) {
        return new AuditReport(
                10,
                1,
                0,
                0,
                0,
                9,
                unaccounted,
                0,
                0,
                new Late(late, late, 0, 0, List.of()),
                0,
                0,
                behind,
                judged,
                NOON,
                NOON.plusSeconds(seconds),
                3,
                List.of(new Unaccounted("01m81j18g0xmjpxxym83p49rgd", "ann@example.org", NOON)),
                List.of(),
                List.of());
    }
}
