package posthaste.acceptance.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import posthaste.testing.Requires;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An overlay of {@code k8s/} as kustomize builds it. */
record Manifests(Path file, List<JsonNode> all) {
    private static final Path TOOLS = Requires.repositoryRoot().resolve("acceptance/kubernetes");
    private static final long LIMIT_SECONDS = 120;

    static Manifests built(String overlay, Path folder) {
        Path kubectl = TOOLS.resolve("layer/kubectl/kubectl");
        Requires.that(
                Files.isExecutable(kubectl),
                "kubectl is not there: run acceptance/kubernetes/install.sh");
        Path file = folder.resolve(overlay + ".yaml");
        Path source = Requires.repositoryRoot().resolve("k8s/overlays").resolve(overlay);
        write(file, run(List.of(kubectl.toString(), "kustomize", source.toString())));
        return new Manifests(file, read(file));
    }

    /** What the schemas of all kinds have to say against these. */
    static String objections(Manifests... overlays) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Requires.program("node").toString(),
                                TOOLS.resolve("check.mjs").toString()));
        for (Manifests overlay : overlays) {
            command.add(overlay.file().toString());
        }
        return runAnyway(command).output();
    }

    /** The documents of a YAML file. */
    static List<JsonNode> read(Path file) {
        JsonMapper json = JsonMapper.shared();
        try {
            Iterable<Object> documents =
                    new Yaml(new SafeConstructor(new LoaderOptions()))
                            .loadAll(Files.readString(file));
            return StreamSupport.stream(documents.spliterator(), false)
                    .<JsonNode>map(json::valueToTree)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<JsonNode> ofKind(String kind) {
        return all.stream().filter(one -> one.path("kind").asString().equals(kind)).toList();
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }

    JsonNode named(String kind, String name) {
        return ofKind(kind).stream()
                .filter(one -> name(one).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    /** Of our services. */
    List<JsonNode> services() {
        return ofKind("Deployment");
    }

    /** Specifications of all pods, whatever makes them. */
    List<JsonNode> pods() {
        Stream<JsonNode> templates =
                Stream.concat(
                        Stream.of("Deployment", "StatefulSet")
                                .flatMap(kind -> ofKind(kind).stream())
                                .map(one -> one.at("/spec/template/spec")),
                        ofKind("CronJob").stream()
                                .map(one -> one.at("/spec/jobTemplate/spec/template/spec")));
        return templates.toList();
    }

    static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    static String name(JsonNode manifest) {
        return manifest.at("/metadata/name").asString();
    }

    /** What a program printed that has to succeed. */
    static String run(List<String> command) {
        Ended ended = runAnyway(command);
        assertThat(ended.status()).as("%s: %s", command, ended.output()).isZero();
        return ended.output();
    }

    /** A program that has ended. */
    record Ended(int status, String output) {}

    static Ended runAnyway(List<String> command) {
        try {
            Path out = Files.createTempFile("posthaste", ".out");
            try {
                Process process =
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(out.toFile())
                                .start();
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(command + " does not end");
                }
                return new Ended(process.exitValue(), Files.readString(out, UTF_8));
            } finally {
                Files.delete(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
