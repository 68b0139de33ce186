package posthaste.outbound.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import posthaste.mail.outcome.Outcome.Deferred;
import posthaste.mail.outcome.Outcome.Failed;
import posthaste.mail.outcome.Outcome.Kind;
import posthaste.mail.status.Reply;

class FailurePolicyTest {

    @ParameterizedTest
    @CsvSource({
        "GREETING, 554, HOST",
        "GREETING, 421, HOST",
        "EHLO, 550, HOST",
        "MAIL, 550, MESSAGE",
        "MAIL, 451, MESSAGE",
        "MAIL, 421, HOST",
        "RCPT, 550, RECIPIENT",
        "RCPT, 451, RECIPIENT",
        "RCPT, 421, HOST",
        "DATA, 554, MESSAGE",
        "DOT, 554, MESSAGE",
        "DOT, 421, MESSAGE"
    })
    void aRefusalConcernsWhomItsStageSays(Stage stage, int code, Scope scope) {
        assertThat(FailurePolicy.scope(refused(stage, code))).isEqualTo(scope);
    }

    @ParameterizedTest
    @CsvSource({
        "GREETING, 554 5.7.1 no, 4.7.1",
        "GREETING, 421 busy, 4.0.0",
        "MAIL, 451 4.3.0 later, 4.3.0",
        "RCPT, 450 5.1.1 contradiction, 4.0.0",
        "DOT, 421 4.3.2 down, 4.3.2"
    })
    void aTemporaryRefusalDefers(Stage stage, String reply, String status) {
        Deferred outcome =
                (Deferred) FailurePolicy.outcome(new Trouble.Refused(stage, reply(reply)), "mx");
        assertThat(outcome.status()).hasToString(status);
        assertThat(outcome.kind()).isEqualTo(Kind.ATTEMPTED);
        assertThat(outcome.reply()).contains(reply(reply));
    }

    @ParameterizedTest
    @CsvSource({
        "EHLO, 550 5.7.1 no, 5.7.1",
        "MAIL, 550 no, 5.0.0",
        "RCPT, 550 5.1.1 who, 5.1.1",
        "DATA, 554 5.5.1 none, 5.5.1",
        "DOT, 552 5.3.4 large, 5.3.4"
    })
    void aPermanentRefusalFails(Stage stage, String reply, String status) {
        Failed outcome =
                (Failed) FailurePolicy.outcome(new Trouble.Refused(stage, reply(reply)), "mx");
        assertThat(outcome.status()).hasToString(status);
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void whatBreaksOffIsTheHostsUntilTheDotAndAmbiguousAfterIt(Stage stage) {
        for (Trouble trouble :
                new Trouble[] {
                    new Trouble.Lost(stage, "reset"),
                    new Trouble.TimedOut(stage, Duration.ofSeconds(30)),
                    new Trouble.Nonsense(stage, "it replied 99")
                }) {
            Deferred outcome = (Deferred) FailurePolicy.outcome(trouble, "mx");
            boolean afterDot = stage == Stage.DOT;
            assertThat(FailurePolicy.scope(trouble))
                    .isEqualTo(afterDot ? Scope.MESSAGE : Scope.HOST);
            assertThat(outcome.kind()).isEqualTo(afterDot ? Kind.AMBIGUOUS : Kind.ATTEMPTED);
            assertThat(outcome.reply()).isEmpty();
            assertThat(outcome.reason()).contains("mx");
        }
    }

    @Test
    void aConnectionThatCannotBeMadeHasItsOwnStatus() {
        assertThat(statusOf(new Trouble.Lost(Stage.CONNECT, "refused"))).isEqualTo("4.4.1");
        assertThat(statusOf(new Trouble.TimedOut(Stage.CONNECT, Duration.ofSeconds(1))))
                .isEqualTo("4.4.1");
        assertThat(statusOf(new Trouble.Lost(Stage.MAIL, "reset"))).isEqualTo("4.4.2");
    }

    private static String statusOf(Trouble trouble) {
        return ((Deferred) FailurePolicy.outcome(trouble, "mx")).status().toString();
    }

    private static Trouble refused(Stage stage, int code) {
        return new Trouble.Refused(stage, new Reply(code, "no"));
    }

    private static Reply reply(String text) {
        return new Reply(Integer.parseInt(text, 0, 3, 10), text.substring(4));
    }
}
