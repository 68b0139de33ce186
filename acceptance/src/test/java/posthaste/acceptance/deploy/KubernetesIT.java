package posthaste.acceptance.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import posthaste.queue.TopicPlan;
import posthaste.testing.Requires;
import tools.jackson.databind.JsonNode;

/** {@code k8s/}: real kustomize, the schemas of all kinds, and the code that it speaks of. */
class KubernetesIT {
    private static final Pattern BROKER_SETTING = Pattern.compile("`([a-z.]+)`");

    /** Of the environment, but no property. */
    private static final Set<String> OTHER_VARIABLES =
            Set.of("POSTHASTE_ADMIN_PASSWORD", "SPRING_CONFIG_ADDITIONALLOCATION");

    @TempDir static Path temp;
    static Manifests dev;
    static Manifests production;

    @BeforeAll
    static void build() throws IOException {
        if (Boolean.getBoolean("posthaste.docs.write")) {
            Path base = Requires.repositoryRoot().resolve("k8s/base");
            Properties common = new Properties();
            common.load(
                    new StringReader(Files.readString(base.resolve("config/common.properties"))));
            Files.writeString(
                    base.resolve("topics.yaml"),
                    KafkaTopics.of(new MapConfigurationPropertySource(common)).manifests());
            Files.writeString(base.resolve("rules.yaml"), Rules.manifest());
        }
        dev = Manifests.built("dev", temp);
        production = Manifests.built("production", temp);
    }

    static List<Manifests> overlays() {
        return List.of(dev, production);
    }

    @Test
    void everyManifestFitsTheSchemaOfItsKind() {
        assertThat(Manifests.objections(dev, production))
                .isEqualTo("%d manifests\n".formatted(dev.all().size() + production.all().size()));
    }

    @Test
    void aFieldThatNoSchemaKnowsIsObjectedTo() throws IOException {
        Path misspelt = temp.resolve("misspelt.yaml");
        Files.writeString(
                misspelt,
                Files.readString(production.file())
                        .replace("readOnlyRootFilesystem", "readOnlyRootFileSystem")
                        .replace("pollingInterval", "pollInterval")
                        .replace("partitions: 12", "partition: 12"));
        assertThat(Manifests.objections(new Manifests(misspelt, List.of())))
                .contains("readOnlyRootFileSystem")
                .contains("pollInterval")
                .contains("'\"partition\"'");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void theTopicsAreThoseThatTheServicesWouldMake(Manifests overlay) {
        KafkaTopics wanted =
                KafkaTopics.of(new MapConfigurationPropertySource(properties(overlay, "delivery")));
        Map<String, JsonNode> topics = new TreeMap<>();
        overlay.ofKind("KafkaTopic")
                .forEach(topic -> topics.put(Manifests.name(topic), topic.path("spec")));

        assertThat(topics.keySet())
                .as("run this test with -Dposthaste.docs.write=true, which writes the topics anew")
                .isEqualTo(wanted.plans().keySet());
        for (TopicPlan plan : wanted.plans().values()) {
            JsonNode topic = topics.get(plan.name());
            assertThat(topic.path("partitions").asInt())
                    .as(plan.name())
                    .isEqualTo(plan.partitions());
            assertThat(topic.path("replicas").asInt())
                    .as(plan.name())
                    .isEqualTo(wanted.queue().replication());
            assertThat(config(topic)).as(plan.name()).isEqualTo(wanted.promised(plan));
        }
    }

    /** Who may delete records may delete topics: of all services the janitor's alone. */
    @ParameterizedTest
    @MethodSource("overlays")
    void onlyTheJanitorMayDelete(Manifests overlay) {
        assertThat(overlay.ofKind("KafkaUser"))
                .hasSize(4)
                .filteredOn(user -> user.path("spec").toString().contains("\"Delete\""))
                .extracting(Manifests::name)
                .containsExactly("posthaste-fallback");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void nobodyIsLetOutToAMachineOfTheCluster(Manifests overlay) {
        assertThat(overlay.ofKind("NetworkPolicy"))
                .flatExtracting(policy -> policy.findValues("ipBlock"))
                .isNotEmpty()
                .allSatisfy(block -> assertThat(block.path("except")).isNotEmpty());
    }

    private static Map<String, String> config(JsonNode topic) {
        Map<String, String> all = new TreeMap<>();
        topic.path("config").forEachEntry((name, value) -> all.put(name, value.asString()));
        return all;
    }

    @Test
    void theBrokersAreSetAsAStartDemands() throws IOException {
        Set<String> demanded =
                Files.readAllLines(Requires.repositoryRoot().resolve("docs/operations.md")).stream()
                        .dropWhile(line -> !line.startsWith("| broker setting"))
                        .skip(2)
                        .takeWhile(line -> line.startsWith("|"))
                        .flatMap(line ->
                                BROKER_SETTING
                                        .matcher(line.split("\\|", -1)[1])
                                        .results()
                                        .map(match -> match.group(1)))
                        .collect(Collectors.toSet());
        JsonNode config = production.named("Kafka", "posthaste").at("/spec/kafka/config");
        assertThat(demanded).hasSizeGreaterThan(5);
        assertThat(demanded).allMatch(config::has);
        assertThat(config.path("offsets.retention.minutes").asInt()).isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyPropertyIsOneThatTheCodeKnows(Manifests overlay) {
        KnownProperties known = new KnownProperties();
        for (String service : List.of("ingest", "delivery", "fallback", "bounce")) {
            assertThat(properties(overlay, service).stringPropertyNames())
                    .isNotEmpty()
                    .as(service)
                    .allMatch(known::has);
        }
        for (JsonNode deployment : overlay.services()) {
            JsonNode container = deployment.at("/spec/template/spec/containers/0");
            assertThat(stream(container.path("env")).map(one -> one.path("name").asString()))
                    .as(Manifests.name(deployment))
                    .contains("POSTHASTE_INSTANCE", "SPRING_CONFIG_ADDITIONALLOCATION")
                    .allMatch(name -> OTHER_VARIABLES.contains(name) || known.hasVariable(name));
        }
        assertThat(known.has("posthaste.smtp.listeners.mx.prot")).isFalse();
        assertThat(known.hasVariable("POSTHASTE_S3_SECRET_KEY")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyPortIsOneThatTheServiceListensOn(Manifests overlay) throws IOException {
        for (JsonNode deployment : overlay.services()) {
            String service =
                    deployment
                            .at("/spec/template/metadata/labels")
                            .path("app.kubernetes.io/component")
                            .asString();
            Map<String, Integer> ports = new LinkedHashMap<>();
            stream(deployment.at("/spec/template/spec/containers/0/ports"))
                    .forEach(port ->
                            ports.put(
                                    port.path("name").asString(),
                                    port.path("containerPort").asInt()));
            assertThat(Set.copyOf(ports.values()))
                    .as(service)
                    .isEqualTo(listeningPorts(overlay, service));
            assertThat(ports).as(service).containsKey("management");

            for (JsonNode entry : overlay.ofKind("Service")) {
                if (service.equals(
                        entry.at("/spec/selector")
                                .path("app.kubernetes.io/component")
                                .asString(""))) {
                    assertThat(
                                    stream(entry.at("/spec/ports"))
                                            .map(port -> port.path("targetPort").asString()))
                            .as(Manifests.name(entry))
                            .isNotEmpty()
                            .allMatch(ports::containsKey);
                }
            }
        }
    }

    private static Set<Integer> listeningPorts(Manifests overlay, String service)
            throws IOException {
        Properties said = properties(overlay, service);
        JsonNode inTheJar =
                Manifests.read(
                                Requires.repositoryRoot()
                                        .resolve(service + "-service")
                                        .resolve("src/main/resources/application.yml"))
                        .getFirst();
        JsonNode management =
                inTheJar.has("management.server.port")
                        ? inTheJar.path("management.server.port")
                        : inTheJar.path("management.server").path("port");
        Set<Integer> ports = new HashSet<>();
        ports.add(management.asInt());
        said.forEach((name, value) -> {
            if (name.toString().matches("server\\.port|posthaste\\.smtp\\.listeners\\..*\\.port")) {
                ports.add(Integer.valueOf(value.toString()));
            }
        });
        return ports;
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void nobodyIsScaledByTwo(Manifests overlay) {
        Map<String, Long> autoscalers =
                Stream.of("HorizontalPodAutoscaler", "ScaledObject")
                        .flatMap(kind -> overlay.ofKind(kind).stream())
                        .map(one -> one.at("/spec/scaleTargetRef/name").asString())
                        .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
        assertThat(autoscalers).isNotEmpty().allSatisfy((_, count) -> assertThat(count).isOne());
        for (JsonNode deployment : overlay.services()) {
            String name = Manifests.name(deployment);
            assertThat(deployment.path("spec").has("replicas"))
                    .as(name + " has its number either said or found")
                    .isNotEqualTo(autoscalers.containsKey(name));
            overlay.named("PodDisruptionBudget", name);
        }
        for (JsonNode scaled : overlay.ofKind("ScaledObject")) {
            int partitions =
                    overlay.named("KafkaTopic", "mail.outbound.transactional")
                            .at("/spec/partitions")
                            .asInt();
            assertThat(scaled.at("/spec/maxReplicaCount").asInt()).isLessThanOrEqualTo(partitions);
            assertThat(scaled.at("/spec/triggers/0/metadata/query").asString())
                    .contains(
                            "namespace=\"%s\""
                                    .formatted(scaled.at("/metadata/namespace").asString()));
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyPodFitsTheRestrictedProfile(Manifests overlay) {
        assertThat(overlay.pods()).hasSizeGreaterThan(4);
        for (JsonNode pod : overlay.pods()) {
            JsonNode of = pod.path("securityContext");
            assertThat(of.path("runAsNonRoot").asBoolean()).as(pod.toString()).isTrue();
            assertThat(of.at("/seccompProfile/type").asString()).isEqualTo("RuntimeDefault");
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            for (JsonNode container : pod.path("containers")) {
                JsonNode context = container.path("securityContext");
                assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
                assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                assertThat(context.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
                assertThat(container.at("/resources/limits").has("memory")).isTrue();
                assertThat(container.at("/resources/requests").has("cpu")).isTrue();
            }
        }
        assertThat(overlay.ofKind("Namespace").getFirst().at("/metadata/labels").toString())
                .contains("\"pod-security.kubernetes.io/enforce\":\"restricted\"");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void theAlertsAreThoseOfEverywhereElse(Manifests overlay) {
        assertThat(overlay.named("PrometheusRule", "posthaste").at("/spec/groups"))
                .as("run this test with -Dposthaste.docs.write=true, which writes them anew")
                .isEqualTo(Manifests.read(Rules.FILE).getFirst().path("groups"));
    }

    /** What somebody else has to bring stands in the manual. */
    @ParameterizedTest
    @MethodSource("overlays")
    void everySecretIsMadeHereOrAskedFor(Manifests overlay) throws IOException {
        Set<String> wanted = new TreeSet<>();
        for (JsonNode pod : overlay.pods()) {
            pod.findValues("secretName").forEach(name -> wanted.add(name.asString()));
            pod.findValues("secretKeyRef").forEach(ref -> wanted.add(ref.path("name").asString()));
        }
        Set<String> made = new HashSet<>();
        overlay.ofKind("Secret").forEach(secret -> made.add(Manifests.name(secret)));
        overlay.ofKind("KafkaUser").forEach(user -> made.add(Manifests.name(user)));
        overlay.ofKind("Kafka").forEach(k -> made.add(Manifests.name(k) + "-cluster-ca-cert"));
        overlay.ofKind("Certificate")
                .forEach(one -> made.add(one.at("/spec/secretName").asString()));
        String manual = Files.readString(Requires.repositoryRoot().resolve("docs/kubernetes.md"));
        assertThat(wanted)
                .hasSizeGreaterThan(5)
                .allMatch(name -> made.contains(name) || manual.contains("`" + name + "`"));
        if (overlay.equals(dev)) {
            assertThat(made).as("dev brings everything").containsAll(wanted);
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void unfinishedUploadsAreTheOnlyThingThatABucketRemoves(Manifests overlay) {
        JsonNode rules =
                Manifests.json(
                                configMap(overlay, "posthaste-bucket")
                                        .path("bucket-lifecycle.json")
                                        .asString())
                        .path("Rules");
        assertThat(rules.size()).isOne();
        assertThat(rules.get(0).has("AbortIncompleteMultipartUpload")).isTrue();
        assertThat(rules.findValue("Expiration")).isNull();
        assertThat(rules.findValue("NoncurrentVersionExpiration")).isNull();
        assertThat(rules.findValue("Transitions")).isNull();
    }

    /** What a service reads, the later file over the earlier. */
    private static Properties properties(Manifests overlay, String service) {
        JsonNode files = configMap(overlay, "posthaste");
        Properties all = new Properties();
        for (String file : List.of("common", service, "site")) {
            try {
                all.load(new StringReader(files.path(file + ".properties").asString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }

    /** Its name ends in a hash of what it says. */
    private static JsonNode configMap(Manifests overlay, String name) {
        return overlay.ofKind("ConfigMap").stream()
                .filter(map -> Manifests.name(map).matches(name + "-[a-z0-9]{10}"))
                .findFirst()
                .orElseThrow()
                .path("data");
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
