package posthaste.mail.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailIdTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:30:00.123Z");

    @Test
    void anIdBearsTheTimeOfAcceptance() {
        MailId id = MailId.next(InstantSource.fixed(NOW));
        assertThat(id.acceptedAt()).isEqualTo(NOW);
        assertThat(id.day()).isEqualTo(LocalDate.of(2026, 11, 22));
        assertThat(id.value()).hasSize(26).matches("[0-7][0-9a-hjkmnp-tv-z]{25}");
    }

    @Test
    void idsSortByTime() {
        MailId last = MailId.next(InstantSource.fixed(Instant.EPOCH));
        for (long millis = 1; millis < 1L << 46; millis *= 3) {
            MailId next = MailId.next(InstantSource.fixed(Instant.ofEpochMilli(millis)));
            assertThat(next).isGreaterThan(last);
            assertThat(next.value()).isGreaterThan(last.value());
            last = next;
        }
    }

    @Test
    void idsOfTheSameMillisecondDiffer() {
        Set<MailId> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(MailId.next(InstantSource.fixed(NOW)));
        }
        assertThat(ids).hasSize(10_000);
    }

    @Test
    void aDerivedIdIsTheSameForTheSameCause() {
        MailId id = MailId.derived(NOW, "cause");
        assertThat(id).isEqualTo(MailId.derived(NOW, "cause"));
        assertThat(id).isNotEqualTo(MailId.derived(NOW, "another cause"));
        assertThat(id).isNotEqualTo(MailId.derived(NOW.plusMillis(1), "cause"));
        assertThat(id.acceptedAt()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                "01arz3ndektsv4rrffq69g5fa",
                "01arz3ndektsv4rrffq69g5favx",
                "81arz3ndektsv4rrffq69g5fav",
                "01arz3ndektsv4rrffq69g5fai",
                "01arz3ndektsv4rrffq69g5fa\n",
                "../../../../../etc/passwd.",
            })
    void whatIsNoUlidIsNoId(String value) {
        assertThat(MailId.isValid(value)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new MailId(value));
    }
}
