package posthaste.acceptance.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import posthaste.testing.Requires;
import tools.jackson.databind.JsonNode;

/** {@code deploy/prometheus}, by Prometheus' own tool, and the runbook that it leads to. */
class PrometheusRulesIT {
    private static final Pattern LINK = Pattern.compile("docs/runbook\\.md#([a-z]+)");

    private static final Pattern COMMAND = Pattern.compile("`\\./posthaste ([a-z-]+)");

    @Test
    void prometheusUnderstandsTheRulesAndTheConfiguration() {
        promtool("check", "rules", "posthaste.rules.yml");
        promtool("check", "config", "--syntax-only", "prometheus.yml");
    }

    @Test
    void everyAlertIsGivenWhenItShouldBe() {
        promtool("test", "rules", "posthaste.rules.test.yml");
        String tested = read("deploy/prometheus/posthaste.rules.test.yml");
        assertThat(Rules.alerts())
                .hasSizeGreaterThan(20)
                .allSatisfy(alert ->
                        assertThat(tested)
                                .contains("alertname: " + alert.path("alert").asString() + "\n"));
    }

    @Test
    void everyAlertHasItsSectionInTheRunbookAndTheOtherWayRound() {
        List<String> sections =
                read("docs/runbook.md")
                        .lines()
                        .filter(line -> line.startsWith("### "))
                        .map(line -> line.substring("### ".length()))
                        .toList();
        assertThat(Rules.alerts())
                .allSatisfy(alert -> {
                    String name = alert.path("alert").asString();
                    assertThat(alert.at("/annotations/runbook_url").asString())
                            .as(name)
                            .isEqualTo("docs/runbook.md#" + name.toLowerCase(Locale.ROOT));
                });
        assertThat(sections)
                .containsExactlyInAnyOrderElementsOf(
                        Rules.alerts().stream().map(one -> one.path("alert").asString()).toList());
    }

    @Test
    void everySectionSaysWhatItMeansWhereToLookAndWhatToDo() {
        String[] sections = read("docs/runbook.md").split("\n### ");
        assertThat(sections).hasSizeGreaterThan(20);
        for (int i = 1; i < sections.length; i++) {
            String name = sections[i].lines().findFirst().orElseThrow();
            String severity =
                    Rules.alerts().stream()
                            .filter(one -> one.path("alert").asString().equals(name))
                            .findFirst()
                            .orElseThrow()
                            .at("/labels/severity")
                            .asString();
            assertThat(sections[i])
                    .contains("**Means** (" + severity + ")", "**First look**", "**Do**");
        }
    }

    @Test
    void everySummaryNamesWhatIsWrong() {
        assertThat(Rules.alerts())
                .extracting((JsonNode alert) -> alert.at("/annotations/summary").asString())
                .doesNotHaveDuplicates()
                .allSatisfy(summary -> assertThat(summary).hasSizeBetween(20, 110));
        assertThat(Rules.alerts())
                .allMatch(alert ->
                        LINK.matcher(alert.at("/annotations/runbook_url").asString()).matches());
    }

    @Test
    void everyCommandOfTheRunbookIsThere() throws IOException {
        Path commands = Requires.repositoryRoot().resolve("standalone/src/main/java");
        String source;
        try (Stream<Path> files = Files.walk(commands)) {
            source =
                    files.filter(file -> file.toString().endsWith("Command.java"))
                            .map(file ->
                                    read(Requires.repositoryRoot().relativize(file).toString()))
                            .collect(Collectors.joining());
        }
        assertThat(
                        COMMAND.matcher(read("docs/runbook.md").replaceAll("\\s+", " "))
                                .results()
                                .map(found -> found.group(1))
                                .filter(name -> !name.equals("status")))
                .hasSizeGreaterThan(4)
                .allMatch(name -> source.contains("name = \"" + name + "\""));
    }

    private static void promtool(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Requires.program("promtool").toString());
        for (String argument : arguments) {
            command.add(
                    argument.endsWith(".yml")
                            ? Rules.FILE.resolveSibling(argument).toString()
                            : argument);
        }
        Manifests.run(command);
    }

    private static String read(String file) {
        try {
            return Files.readString(Requires.repositoryRoot().resolve(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
