package posthaste.service.suppression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FingerprintTableTest {
    private static final long DEAD = 13;

    private final FingerprintTable table = new FingerprintTable(value -> value == DEAD);

    /** Few fingerprints in few places, so that they meet, move up and wrap around. */
    @Test
    void itIsAMapWhateverIsPutInAndTakenOut() {
        SplittableRandom random = new SplittableRandom(29);
        Map<Fingerprint, Long> expected = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            Fingerprint one =
                    new Fingerprint(
                            random.nextInt(2),
                            (long) random.nextInt(300) << 56 | random.nextInt(3));
            if (random.nextInt(3) == 0) {
                table.remove(one);
                expected.remove(one);
            } else {
                long value = 100L + random.nextInt(1000);
                table.put(one, value);
                expected.put(one, value);
            }
        }
        expected.forEach((one, value) -> assertThat(table.get(one)).isEqualTo(value));
        assertThat(table.size()).isEqualTo(expected.size());
    }

    @Test
    void theDeadAreLeftBehindWhenItGrows() {
        for (int i = 0; i < 100_000; i++) {
            table.put(Fingerprint.of("dead" + i), DEAD);
        }
        for (int i = 0; i < 100_000; i++) {
            table.put(Fingerprint.of("alive" + i), 1);
        }
        assertThat(table.size()).isLessThan(180_000);
        for (int i = 0; i < 100_000; i++) {
            assertThat(table.get(Fingerprint.of("alive" + i))).isEqualTo(1);
        }
    }

    @Test
    void anEntryTakesLessThanFiftyOctets() {
        for (int i = 0; i < 500_000; i++) {
            table.put(Fingerprint.of("user" + i + "@example.org"), 1);
        }
        assertThat(table.octets() / table.size()).isBetween(24L, 49L);
        assertThat(table.get(Fingerprint.of("user499999@example.org"))).isEqualTo(1);
        assertThat(table.get(Fingerprint.of("user500000@example.org"))).isZero();
    }
}
