package posthaste.acceptance.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import posthaste.testing.Requires;
import tools.jackson.databind.JsonNode;

/** The dashboards as Grafana reads them. */
final class Dashboards {
    static final Path FOLDER = Requires.repositoryRoot().resolve("deploy/grafana");

    private Dashboards() {}

    /** A query of a panel. */
    record Query(String dashboard, String panel, String expression) {}

    static List<Path> files() {
        try (Stream<Path> files = Files.list(FOLDER.resolve("dashboards"))) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Query> queries() {
        List<Query> all = new ArrayList<>();
        for (Path file : files()) {
            JsonNode board = read(file);
            for (JsonNode panel : board.path("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    all.add(
                            new Query(
                                    board.path("title").asString(),
                                    panel.path("title").asString(),
                                    target.path("expr").asString()));
                }
            }
        }
        return all;
    }

    static JsonNode read(Path file) {
        try {
            return Manifests.json(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
