package posthaste.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import posthaste.testing.Requires;

class PosthasteCommandLineTest {

    /** What a run would be started with, without starting it. */
    @Command(name = "run")
    private static final class RunAsTyped extends PosthasteCommand {
        @Mixin private final RunOptions options = new RunOptions();

        Map<String, String> properties = new LinkedHashMap<>();

        @Override
        protected ExitStatus carryOut() {
            properties = options.over(settings().properties());
            return ExitStatus.GOES_ON;
        }
    }

    private final RunAsTyped run = new RunAsTyped();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final PosthasteCommandLine commandLine =
            new PosthasteCommandLine()
                    .replacing(run)
                    .printingTo(new PrintWriter(out), new PrintWriter(err));

    @Test
    void shortNamesBecomeProperties() {
        int status =
                commandLine.execute(
                        "run",
                        "--smtp-port",
                        "2500",
                        "--web-port=8000",
                        "--data-dir",
                        "a folder",
                        "--relay-to=127.0.0.1:25");

        assertThat(status).isEqualTo(ExitStatus.GOES_ON.code());
        assertThat(run.properties)
                .containsEntry("posthaste.smtp.port", "2500")
                .containsEntry("server.port", "8000")
                .containsEntry("posthaste.data-dir", "a folder")
                .containsEntry("posthaste.routing.relay-to", "127.0.0.1:25")
                .hasSize(4);
    }

    @Test
    void anyDottedNameIsAProperty() {
        commandLine.execute(
                "run", "--posthaste.retry.tiers=1s,2s", "--logging.level.root", "debug");

        assertThat(run.properties)
                .containsEntry("posthaste.retry.tiers", "1s,2s")
                .containsEntry("logging.level.root", "debug");
    }

    @Test
    void aValueMayHoldAnEqualsSign() {
        commandLine.execute("--spring.datasource.url=jdbc:x?a=b");

        assertThat(run.properties).containsEntry("spring.datasource.url", "jdbc:x?a=b");
    }

    @Test
    void ofAnOptionGivenTwiceTheLastWins() {
        commandLine.execute("--web-port=1", "--web-port", "2", "--a.b=1", "--a.b=2");

        assertThat(run.properties).containsEntry("server.port", "2").containsEntry("a.b", "2");
    }

    @Test
    void withoutACommandRunIsMeant() {
        assertThat(commandLine.execute()).isEqualTo(ExitStatus.GOES_ON.code());
    }

    @Test
    void aFileOfPropertiesMayBeNamed() {
        commandLine.execute("run", "--config", "/etc/posthaste.properties");

        assertThat(run.properties)
                .containsEntry(
                        "spring.config.additional-location", "file:/etc/posthaste.properties");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jump           | there is no command 'jump'",
                "run --smtp     | run knows no '--smtp'",
                "run --exit     | run knows no '--exit'",
                "run 2525       | run knows no '2525'",
                "run --web-port | --web-port needs a value",
                "run --web-port --smtp-port 1 | --web-port needs a value",
                "run --web-port= | --web-port needs a value",
                "run --a.b      | --a.b needs a value",
            })
    void whatIsAskedWronglyIsToldInOneSentence(String typed, String sentence) {
        int status = commandLine.execute(typed.split(" "));

        assertThat(status).isEqualTo(ExitStatus.ASKED_WRONGLY.code());
        assertThat(err.toString())
                .startsWith("posthaste: " + sentence)
                .endsWith("." + System.lineSeparator())
                .hasLineCount(1);
    }

    @Test
    void theLaunchersHelpListsEveryCommand() throws IOException {
        String launcher = Files.readString(Requires.repositoryRoot().resolve("posthaste"));

        assertThat(commandLine.names())
                .allSatisfy(name ->
                        assertThat(launcher)
                                .containsPattern("(?m)^    \\./posthaste " + name + "( |$)"));
    }

    @Test
    void helpTellsWhatACommandCanBeGiven() {
        assertThat(commandLine.execute("help", "demo")).isZero();

        assertThat(out.toString())
                .contains("--exit", "--data-dir", "--config")
                .doesNotContain("--property");
    }
}
