package posthaste.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import posthaste.standalone.CommandLine.Command;
import posthaste.standalone.CommandLine.UsageException;

class CommandLineTest {

    @Test
    void shortNamesBecomeProperties() throws UsageException {
        CommandLine line =
                CommandLine.parse(
                        "run",
                        "--smtp-port",
                        "2500",
                        "--web-port=8000",
                        "--data-dir",
                        "a folder",
                        "--relay-to=127.0.0.1:25");

        assertThat(line.command()).isEqualTo(Command.RUN);
        assertThat(line.properties())
                .containsEntry("posthaste.smtp.port", "2500")
                .containsEntry("server.port", "8000")
                .containsEntry("posthaste.data-dir", "a folder")
                .containsEntry("posthaste.routing.relay-to", "127.0.0.1:25")
                .hasSize(4);
    }

    @Test
    void anyDottedNameIsAProperty() throws UsageException {
        assertThat(
                        CommandLine.parse(
                                        "run",
                                        "--posthaste.retry.tiers=1s,2s",
                                        "--logging.level.root",
                                        "debug")
                                .properties())
                .containsEntry("posthaste.retry.tiers", "1s,2s")
                .containsEntry("logging.level.root", "debug");
    }

    @Test
    void aValueMayHoldAnEqualsSign() throws UsageException {
        assertThat(CommandLine.parse("--spring.datasource.url=jdbc:x?a=b").properties())
                .containsEntry("spring.datasource.url", "jdbc:x?a=b");
    }

    @Test
    void ofAnOptionGivenTwiceTheLastWins() throws UsageException {
        assertThat(CommandLine.parse("--web-port=1", "--web-port", "2").properties())
                .containsEntry("server.port", "2");
    }

    @Test
    void withoutACommandRunIsMeant() throws UsageException {
        assertThat(CommandLine.parse().command()).isEqualTo(Command.RUN);
    }

    @Test
    void theDemoMayEndAfterPrinting() throws UsageException {
        assertThat(CommandLine.parse("demo", "--exit").flags()).containsExactly("exit");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jump           | there is no command 'jump'",
                "run --smtp     | run knows no '--smtp'",
                "run --exit     | run knows no '--exit'",
                "run 2525       | run knows no '2525'",
                "run --         | run knows no '--'",
                "run --web-port | --web-port needs a value",
                "run --web-port --smtp-port 1 | --web-port needs a value",
                "run --web-port= | --web-port needs a value",
                "run --a.b      | --a.b needs a value",
            })
    void whatIsAskedWronglyIsToldInOneSentence(String typed, String sentence) {
        assertThatThrownBy(() -> CommandLine.parse(typed.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(sentence)
                .hasMessageEndingWith(".");
    }
}
