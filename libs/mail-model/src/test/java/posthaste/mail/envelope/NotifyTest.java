package posthaste.mail.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.mail.envelope.Notify.Condition;

class NotifyTest {

    @Test
    void notGivenMeansOnFailureAndOnDelay() {
        assertThat(Notify.NOT_GIVEN.isGiven()).isFalse();
        assertThat(Notify.NOT_GIVEN.onFailure()).isTrue();
        assertThat(Notify.NOT_GIVEN.onDelay()).isTrue();
        assertThat(Notify.NOT_GIVEN.onSuccess()).isFalse();
        assertThat(Notify.NOT_GIVEN.never()).isFalse();
    }

    @Test
    void neverMeansNever() {
        Notify never = Notify.parse("never");
        assertThat(never.never()).isTrue();
        assertThat(never.isGiven()).isTrue();
        assertThat(never.onFailure()).isFalse();
        assertThat(never.onDelay()).isFalse();
        assertThat(never.onSuccess()).isFalse();
    }

    @Test
    void onlyWhatIsGivenIsAskedFor() {
        assertThat(Notify.parse("SUCCESS").onFailure()).isFalse();
        assertThat(Notify.parse("SUCCESS").onDelay()).isFalse();
        assertThat(Notify.parse("delay,Failure"))
                .isEqualTo(new Notify(Set.of(Condition.FAILURE, Condition.DELAY)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ",", "SUCCESS,", "NEVER,SUCCESS", "ALWAYS", "SUCCESS DELAY", " NEVER"})
    void whatRfc3461DoesNotAllowIsRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> Notify.parse(value));
    }
}
