package posthaste.acceptance.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import posthaste.testing.Requires;
import tools.jackson.databind.JsonNode;

/** The rules for Prometheus. */
final class Rules {
    static final Path FILE =
            Requires.repositoryRoot().resolve("deploy/prometheus/posthaste.rules.yml");

    private Rules() {}

    /** All of them, in order. */
    static List<JsonNode> all() {
        return StreamSupport.stream(
                        Manifests.read(FILE).getFirst().path("groups").spliterator(), false)
                .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false))
                .toList();
    }

    static List<JsonNode> alerts() {
        return all().stream().filter(rule -> rule.has("alert")).toList();
    }

    /** The same for the Prometheus operator. */
    static String manifest() throws IOException {
        String rules = Files.readString(FILE);
        return """
        # Made from deploy/prometheus/posthaste.rules.yml by KubernetesIT; don't edit.
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata:
          name: posthaste
        spec:
        """
                + rules.substring(rules.indexOf("groups:\n")).replaceAll("(?m)^(?=.)", "  ");
    }
}
