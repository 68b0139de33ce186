package posthaste.fallback.janitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.outbound.settlement.BodyBounds;

/** The plan over random histories; a seed that fails is printed and can be run alone. */
class CleaningHistoryTest {
    private static final int HISTORIES = Integer.getInteger("posthaste.janitor.histories", 25);
    private static final int STEPS = 600;

    @Test
    void nothingIsRemovedThatAnyRecordNeedsAndInTheEndAllGarbageGoes() {
        long removed = 0;
        for (long seed = 1; seed <= HISTORIES; seed++) {
            History history = new History(seed);
            try {
                live(history, BodyBounds.DEFAULT);
                removed += history.removed;
                history.comeToAnEnd();
                history.clean(BodyBounds.DEFAULT, false);
                history.advance(Duration.ofDays(2));
                history.clean(BodyBounds.DEFAULT, false);
            } catch (AssertionError e) {
                throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
            }
            assertThat(history.stored()).as("objects left with seed %d", seed).isZero();
            assertThat(history.recordsLeft()).as("records left with seed %d", seed).isZero();
        }
        assertThat(removed).as("removed while the histories went on").isGreaterThan(HISTORIES * 5L);
    }

    /** So that the test above is known to see what it is there to see. */
    @ParameterizedTest
    @ValueSource(strings = {"primary", "deferred"})
    void aJanitorThatKeepsLessThanWritersPromiseIsCaught(String generation) {
        BodyBounds careless =
                generation.equals("primary")
                        ? new BodyBounds(Duration.ofSeconds(1), Duration.ofDays(1))
                        : new BodyBounds(Duration.ofMinutes(30), Duration.ofHours(1));
        assertThatThrownBy(
                        () -> {
                            for (long seed = 1; seed <= 20L * HISTORIES; seed++) {
                                live(new History(seed), careless);
                            }
                        })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(generation + "/");
    }

    private static void live(History history, BodyBounds janitors) {
        for (int step = 0; step < STEPS; step++) {
            history.step();
            if (history.random.nextInt(8) == 0) {
                history.clean(janitors, history.random.nextInt(10) == 0);
            }
        }
    }
}
