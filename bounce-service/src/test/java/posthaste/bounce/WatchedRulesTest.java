package posthaste.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.bounce.inbound.rules.BounceClass;
import posthaste.bounce.inbound.rules.Refusal;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.service.reload.FileWatch;
import posthaste.service.settings.StartRefusedException;

class WatchedRulesTest {
    private static final Refusal ODD = new Refusal(550, "", "odd and even", "");

    @TempDir Path folder;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final FileWatch watch = new FileWatch(Duration.ofDays(1), metrics);

    @Test
    void aChangeIsInForceAndAWrongOneLeavesWhatWas() throws IOException {
        Path first = write("first.toml", "[rules]\nRATE = [\"odd\"]\n");
        Path second = write("second.toml", "[rules]\nSIZE = [\"even\"]\n");
        RuleBook rules = WatchedRules.open(List.of(first, second), watch);
        assertThat(classOfOdd(rules)).isEqualTo(BounceClass.RATE);

        write("first.toml", "[rules]\nAUTH = [\"odd, and wrong\", \"(\"]\n");
        lookUntilJudged();
        assertThat(classOfOdd(rules)).isEqualTo(BounceClass.RATE);
        assertThat(inForce("bounce-rules")).isZero();
        assertThat(inForce("bounce-rules-2")).isOne();

        write("first.toml", "[rules]\nAUTH = [\"odd\"]\n");
        lookUntilJudged();
        assertThat(classOfOdd(rules)).isEqualTo(BounceClass.AUTH);
        assertThat(inForce("bounce-rules")).isOne();
    }

    @Test
    void aWrongFileStopsTheStartByLineAndReason() throws IOException {
        write("1.toml", "[rules]\nRATE = [\"odd\"]\n");
        Path wrong = write("2.toml", "[rules]\n\nRATE = [\"(\"]\n");
        assertThatThrownBy(() -> WatchedRules.open(List.of(folder), watch))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining(wrong + ", line 3: \"(\" is no regular expression");
    }

    /** A change counts once it has stood still from one look to the next. */
    private void lookUntilJudged() {
        watch.look();
        watch.look();
    }

    private double inForce(String name) {
        return metrics.get("posthaste.reload.in.force").tag("file", name).gauge().value();
    }

    private static BounceClass classOfOdd(RuleBook rules) {
        return rules.current().classify(ODD).bounceClass();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
