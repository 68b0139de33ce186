package posthaste.acceptance.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import posthaste.acceptance.deploy.KnownProperties;
import posthaste.testing.Requires;

/** Images, {@code docker-compose.yml} and what it mounts, held to each other and to the code. */
class ComposeFilesTest {
    private static final Path ROOT = Requires.repositoryRoot();
    private static final List<String> SERVICES =
            List.of("ingest", "delivery", "fallback", "bounce");

    /** Of the environment, but no property. */
    private static final Set<String> OTHER_VARIABLES =
            Set.of("POSTHASTE_ADMIN_PASSWORD", "SPRING_CONFIG_ADDITIONALLOCATION");

    private static final Map<String, Map<String, Object>> COMPOSE = compose();

    @Test
    void theImagesDifferInJarPortsAndLabelsAlone() {
        Set<String> without =
                SERVICES.stream()
                        .map(service ->
                                text(service + "-service/Dockerfile")
                                        .replace(service + "-service", "SERVICE-service")
                                        .replaceAll("(?m)^EXPOSE .*", "EXPOSE")
                                        .replaceAll("image\\.description=\"[^\"]*\"", "")
                                        .replaceAll("SERVER_PORT:-\\d+", "SERVER_PORT"))
                        .collect(Collectors.toSet());
        assertThat(without).hasSize(1);
        assertThat(SERVICES)
                .extracting(it -> text(it + "-service/java.options"))
                .containsOnly(text("ingest-service/java.options"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "delivery", "fallback", "bounce"})
    void anImageSaysThePortsThatTheServiceHas(String service) {
        int management = managementPort(service);
        String dockerfile = text(service + "-service/Dockerfile");
        assertThat(dockerfile).contains("MANAGEMENT_SERVER_PORT:-" + management + "}");

        Set<Integer> exposed =
                Pattern.compile("(?m)^EXPOSE (.*)$")
                        .matcher(dockerfile)
                        .results()
                        .flatMap(match -> Stream.of(match.group(1).split(" ")))
                        .map(Integer::valueOf)
                        .collect(Collectors.toSet());
        Set<Integer> wanted = new TreeSet<>(Set.of(management));
        Properties properties = properties(service);
        properties.stringPropertyNames().stream()
                .filter(name ->
                        name.matches("posthaste\\.smtp\\.listeners\\..*\\.port|server\\.port"))
                .forEach(name -> wanted.add(Integer.valueOf(properties.getProperty(name))));
        assertThat(exposed).isEqualTo(wanted);

        // In Kubernetes it is the same image, by the same user.
        String manifest = text("k8s/base/" + service + ".yaml");
        assertThat(manifest)
                .contains("image: posthaste/" + service + "-service")
                .contains("mountPath: /var/lib/posthaste");
        assertThat(numbers("containerPort: (\\d+)", manifest)).isEqualTo(exposed);
        assertThat(numbers("(?m)^USER (\\d+):", dockerfile))
                .isEqualTo(numbers("runAsUser: (\\d+)", manifest));
    }

    @Test
    void everyPropertyIsOneThatTheCodeKnows() {
        KnownProperties known = new KnownProperties();
        for (String service : SERVICES) {
            assertThat(properties(service).stringPropertyNames())
                    .as(service)
                    .isNotEmpty()
                    .allMatch(known::has);
            assertThat(environment(service).keySet())
                    .as(service)
                    .filteredOn(name -> !OTHER_VARIABLES.contains(name))
                    .isNotEmpty()
                    .allMatch(known::hasVariable);
            assertThat(environment(service).get("SPRING_CONFIG_ADDITIONALLOCATION"))
                    .isEqualTo(
                            "file:/etc/posthaste/config/common.properties,file:/etc/posthaste/config/%s.properties"
                                    .formatted(service));
        }
    }

    /** With one port for both, Spring Boot refuses an address for the one beside. */
    @ParameterizedTest
    @ValueSource(strings = {"deploy/compose/config/", "k8s/base/config/"})
    void theManagementPortIsReachedFromOtherContainers(String folder) {
        assertThat(text(folder + "common.properties")).doesNotContain("server.address");
        for (String service : SERVICES) {
            boolean beside =
                    !text(service + "-service/src/main/resources/application.yml")
                                    .contains("port: ${management.server.port}")
                            || text(folder + service + ".properties").contains("\nserver.port=");
            assertThat(text(folder + service + ".properties").lines())
                    .as(service)
                    .contains("server.address=0.0.0.0")
                    .areExactly(
                            beside ? 1 : 0,
                            new Condition<>(
                                    "management.server.address=0.0.0.0"::equals, "its own"));
        }
    }

    @Test
    void thePlacesThatPropertiesNameAreServicesOfTheFile() {
        Properties all = properties("bounce");
        all.putAll(properties("delivery"));
        assertThat(all.getProperty("posthaste.kafka.bootstrap-servers")).isEqualTo("kafka:9092");
        assertThat(environment("kafka").get("KAFKA_ADVERTISED_LISTENERS"))
                .isEqualTo("PLAINTEXT://kafka:9092");
        assertThat(all.getProperty("posthaste.s3.endpoint")).isEqualTo("http://store:8333");
        assertThat(COMPOSE.get("store").get("command").toString()).contains("-s3.port=8333");
        assertThat(all.getProperty("spring.datasource.url"))
                .endsWith("//database:5432/" + environment("database").get("POSTGRES_DB"));
        assertThat(all.getProperty("posthaste.routing.relay-to")).isEqualTo("sink:1025");
        assertThat(COMPOSE).containsKeys("kafka", "store", "database", "sink");
    }

    @Test
    void theProxySendsToTheListenersAndHearsWhatIsPublished() {
        String proxy = text("deploy/haproxy/haproxy.cfg");
        Properties ingest = properties("ingest");
        Set<Integer> bound = numbers("bind :(\\d+)", proxy);
        for (String listener : List.of("mx", "submission", "submissions", "fallback")) {
            String port = ingest.getProperty("posthaste.smtp.listeners." + listener + ".port");
            assertThat(proxy)
                    .containsPattern(
                            "backend %s\\n    option smtpchk .*\\n    server-template ingest \\d+ ingest:%s send-proxy-v2 check check-send-proxy"
                                    .formatted(listener, port));
            assertThat(
                            ingest.getProperty(
                                    "posthaste.smtp.listeners." + listener + ".proxy-networks"))
                    .isNotBlank();
            assertThat(bound).contains(Integer.valueOf(port));
        }
        assertThat(proxy)
                .contains("check port " + managementPort("ingest"))
                .contains("check port " + managementPort("bounce"));
        assertThat(published("vip")).isEqualTo(bound);
    }

    @Test
    void prometheusAsksEveryServiceByItsNameAndPort() {
        Map<String, Object> configuration =
                new Yaml().load(text("deploy/prometheus/prometheus.yml"));
        Map<String, Integer> asked = new LinkedHashMap<>();
        for (Map<String, Object> job : list(configuration.get("scrape_configs"))) {
            for (Map<String, Object> target : list(job.getOrDefault("dns_sd_configs", List.of()))) {
                asked.put(
                        ((List<?>) target.get("names")).getFirst().toString(),
                        (Integer) target.get("port"));
            }
        }
        assertThat(asked.keySet()).containsExactlyInAnyOrderElementsOf(SERVICES);
        assertThat(asked)
                .allSatisfy((service, port) -> assertThat(port).isEqualTo(managementPort(service)));
    }

    @Test
    void theBrokerIsSetAsAStartDemands() {
        Map<String, Object> broker = environment("kafka");
        List<String> demanded =
                text("docs/operations.md")
                        .lines()
                        .dropWhile(line -> !line.startsWith("| broker setting"))
                        .skip(2)
                        .takeWhile(line -> line.startsWith("|"))
                        .flatMap(line ->
                                Pattern.compile("`([a-z.]+)`")
                                        .matcher(line.split("\\|", -1)[1])
                                        .results())
                        .map(match ->
                                "KAFKA_"
                                        + match.group(1).toUpperCase(Locale.ROOT).replace('.', '_'))
                        // How soon another broker leads: here is no other.
                        .filter(name -> !name.startsWith("KAFKA_BROKER_"))
                        .toList();
        assertThat(demanded).hasSizeGreaterThan(5);
        assertThat(broker).containsKeys(demanded.toArray(String[]::new));
        assertThat(broker)
                .containsEntry("KAFKA_OFFSETS_RETENTION_MINUTES", Integer.MAX_VALUE)
                .containsEntry("KAFKA_LOG_FLUSH_INTERVAL_MESSAGES", 1);
        assertThat(properties("ingest"))
                .containsEntry("posthaste.queue.flush-every-record", "true")
                .containsEntry("posthaste.queue.replication", "1");
    }

    @Test
    void versionsAreThoseThatTheTestsRunOn() {
        assertThat(image("kafka"))
                .isEqualTo(
                        "apache/kafka:"
                                + numbersText(
                                        "<kafka.version>(.*)</kafka.version>", text("pom.xml")));
        assertThat(text("k8s/overlays/dev/bucket.yaml")).contains("image: " + image("store"));
        assertThat(text("k8s/overlays/dev/database.yaml")).contains("image: " + image("database"));
        for (String service : SERVICES) {
            assertThat(image(service)).startsWith("posthaste/" + service + "-service:");
        }
    }

    @Test
    void theServicesMayDoNothingThatTheyNeedNot() {
        for (String service : SERVICES) {
            assertThat(COMPOSE.get(service))
                    .containsEntry("read_only", true)
                    .containsEntry("cap_drop", List.of("ALL"))
                    .containsEntry("security_opt", List.of("no-new-privileges:true"))
                    .containsKeys("mem_limit", "stop_grace_period");
        }
    }

    /** Each is asked for by a sentence when it is missing, and made by {@code prepare}. */
    @Test
    void noSecretHasADefault() {
        String file = text("docker-compose.yml");
        Set<String> secrets =
                Pattern.compile("\\$\\{([A-Z0-9_]+):\\?run deploy/compose/prepare[^}]*}")
                        .matcher(file)
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.toSet());
        assertThat(secrets).hasSize(5);
        assertThat(secrets)
                .allMatch(secret -> text("deploy/compose/prepare").contains(secret + "=$(secret "));
        assertThat(COMPOSE.values())
                .flatExtracting(service -> variables(service).entrySet())
                .filteredOn(one -> one.getKey().matches(".*(PASSWORD|KEY|SECRET).*"))
                .isNotEmpty()
                .allMatch(
                        one -> one.getValue().toString().contains(":?run deploy/compose/prepare"));
        assertThat(text(".gitignore").lines()).contains(".env", "deploy/compose/secrets/");
    }

    /** All else has no login, or is for those who look after the machine. */
    @Test
    void onlyMailSubmissionAndThePageGoFurtherThanThisMachine() {
        Set<Integer> further = new TreeSet<>();
        COMPOSE.values()
                .forEach(service ->
                        ((List<?>) service.getOrDefault("ports", List.of()))
                                .forEach(port -> {
                                    String mapping = port.toString();
                                    if (!mapping.startsWith("127.0.0.1:")) {
                                        assertThat(mapping)
                                                .startsWith("${POSTHASTE_BIND:-127.0.0.1}:");
                                        further.add(
                                                Integer.valueOf(
                                                        mapping.substring(
                                                                mapping.lastIndexOf(':') + 1)));
                                    }
                                }));
        assertThat(further).containsExactly(2465, 2525, 2587, 2626, 8080, 8088);
    }

    /**
     * HAProxy says who the client is, whatever that client says, and both services listen to it.
     */
    @Test
    void clientsOverHttpAreWhomHaproxySees() {
        for (String backend : List.of("web", "http")) {
            assertThat(text("deploy/haproxy/haproxy.cfg"))
                    .containsPattern(
                            "backend %s\n    mode http\n    #.*\n".formatted(backend)
                                    + "    http-request del-header X-Forwarded-For\n"
                                    + "    option forwardfor\n");
        }
        for (String service : List.of("ingest", "bounce")) {
            assertThat(properties(service))
                    .containsEntry("server.forward-headers-strategy", "native");
        }
    }

    private static int managementPort(String service) {
        return numbers(
                        "(?:management\\.server\\.port: |\\n  port: )(\\d+)",
                        text(service + "-service/src/main/resources/application.yml"))
                .iterator()
                .next();
    }

    private static Set<Integer> published(String service) {
        Set<Integer> ports = new HashSet<>();
        for (Object port : (List<?>) COMPOSE.get(service).getOrDefault("ports", List.of())) {
            String mapping = port.toString();
            ports.add(Integer.valueOf(mapping.substring(mapping.lastIndexOf(':') + 1)));
        }
        return ports;
    }

    private static String image(String service) {
        return COMPOSE.get(service).get("image").toString();
    }

    private static Map<String, Object> environment(String service) {
        return variables(COMPOSE.get(service));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> variables(Map<String, Object> service) {
        return (Map<String, Object>) service.getOrDefault("environment", Map.of());
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Object value) {
        return (List<Map<String, Object>>) value;
    }

    private static Map<String, Map<String, Object>> compose() {
        Map<String, Map<String, Map<String, Object>>> file =
                new Yaml().load(text("docker-compose.yml"));
        return file.get("services");
    }

    /** What a service reads, the later file over the earlier. */
    private static Properties properties(String service) {
        Properties all = new Properties();
        for (String file : List.of("common", service)) {
            try (var in =
                    Files.newBufferedReader(
                            ROOT.resolve("deploy/compose/config/" + file + ".properties"))) {
                all.load(in);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return all;
    }

    private static Set<Integer> numbers(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> Integer.valueOf(match.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String numbersText(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().findFirst().orElseThrow().group(1);
    }

    private static String text(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
