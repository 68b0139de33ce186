package posthaste.acceptance.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of metrics: those that a query asks for, and those that a process has. */
public final class Metrics {
    /** A word that is followed by no parenthesis, and is not the name of a recording rule. */
    private static final Pattern NAME =
            Pattern.compile(
                    "(?<![\\w:.\"])(posthaste|ssl|process|system|jvm|disk|logback)_\\w+(?![\\w:(])");

    private Metrics() {}

    /** All that the rules and the dashboards ask for. */
    public static Set<String> wanted() {
        Set<String> names = new TreeSet<>();
        Rules.all().forEach(rule -> names.addAll(in(rule.path("expr").asString())));
        Dashboards.queries().forEach(query -> names.addAll(in(query.expression())));
        assertThat(names).hasSizeGreaterThan(40);
        return names;
    }

    /** In a query. */
    static Set<String> in(String query) {
        return NAME.matcher(query.replaceAll("\"[^\"]*\"", "\"\""))
                .results()
                .map(found -> found.group())
                .collect(Collectors.toSet());
    }

    /** That a process on this machine tells. */
    public static Set<String> of(int port) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:%d/actuator/prometheus"
                                                            .formatted(port)))
                                    .build(),
                            BodyHandlers.ofLines())
                    .body()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("[{ ]", 2)[0])
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
