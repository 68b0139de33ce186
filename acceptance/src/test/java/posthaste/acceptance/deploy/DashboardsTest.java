package posthaste.acceptance.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.Requires;
import tools.jackson.databind.JsonNode;

/** {@code deploy/grafana}; its queries are executed where a whole is running. */
class DashboardsTest {
    @TempDir Path temp;

    @Test
    void theDashboardsAreAsTheirSourceSays() throws IOException {
        Path copy = temp.resolve("dashboards.py");
        Files.copy(Dashboards.FOLDER.resolve("dashboards.py"), copy);
        Files.createDirectory(temp.resolve("dashboards"));
        Manifests.run(List.of(Requires.program("python3").toString(), copy.toString()));
        try (Stream<Path> made = Files.list(temp.resolve("dashboards"))) {
            assertThat(made.map(Path::getFileName).sorted().toList())
                    .isEqualTo(
                            Dashboards.files().stream().map(Path::getFileName).sorted().toList());
        }
        for (Path file : Dashboards.files()) {
            assertThat(file)
                    .as("run deploy/grafana/dashboards.py")
                    .hasSameTextualContentAs(
                            temp.resolve("dashboards").resolve(file.getFileName()));
        }
    }

    @Test
    void everyPanelHasAPlaceOfItsOwnAndAQuery() {
        assertThat(Dashboards.files()).hasSizeGreaterThan(3);
        for (Path file : Dashboards.files()) {
            JsonNode board = Dashboards.read(file);
            assertThat(board.path("uid").asString()).startsWith("posthaste-");
            List<JsonNode> panels = board.path("panels").values().stream().toList();
            assertThat(panels).extracting(one -> one.path("id").asInt()).doesNotHaveDuplicates();
            assertThat(panels)
                    .extracting(one -> one.path("gridPos").toString())
                    .doesNotHaveDuplicates();
            assertThat(panels)
                    .filteredOn(one -> one.path("type").asString().equals("timeseries"))
                    .isNotEmpty()
                    .allMatch(one -> one.path("targets").size() > 0)
                    .allMatch(one -> one.at("/datasource/uid").asString().equals("prometheus"));
        }
    }
}
