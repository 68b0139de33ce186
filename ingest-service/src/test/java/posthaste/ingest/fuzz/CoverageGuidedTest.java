package posthaste.ingest.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import posthaste.ingest.http.JsonMailFuzz;
import posthaste.ingest.proxy.ProxyHeaderFuzz;
import posthaste.ingest.smtp.EndOfDataFuzz;
import posthaste.ingest.smtp.SessionFuzz;

/**
 * The parsers of what comes from outside under Jazzer, which looks for new ways through them in a
 * process of its own for {@code posthaste.fuzz.seconds} each. The inputs that led to a new way are
 * kept, one a line in base 64, and gone through always; {@code -Dposthaste.fuzz.keep=true} writes
 * them anew.
 */
class CoverageGuidedTest {
    private static final int SECONDS = Integer.getInteger("posthaste.fuzz.seconds", 20);
    private static final Pattern UNITS =
            Pattern.compile("stat::number_of_executed_units: *([0-9]+)");

    @TempDir private Path folder;

    enum Target {
        SESSION(SessionFuzz.class),
        END_OF_DATA(EndOfDataFuzz.class),
        PROXY_HEADER(ProxyHeaderFuzz.class),
        JSON_MAIL(JsonMailFuzz.class);

        private final Class<?> type;

        Target(Class<?> type) {
            this.type = type;
        }

        void parse(byte[] input) throws IOException {
            switch (this) {
                case SESSION -> SessionFuzz.fuzzerTestOneInput(input);
                case END_OF_DATA -> EndOfDataFuzz.fuzzerTestOneInput(input);
                case PROXY_HEADER -> ProxyHeaderFuzz.fuzzerTestOneInput(input);
                case JSON_MAIL -> JsonMailFuzz.fuzzerTestOneInput(input);
            }
        }

        Path kept() {
            return Path.of("src/test/resources/posthaste/ingest/fuzz")
                    .resolve(name().toLowerCase(Locale.ROOT).replace('_', '-') + ".txt");
        }

        List<byte[]> inputs() throws IOException {
            return Files.readAllLines(kept(), US_ASCII).stream()
                    .map(Base64.getDecoder()::decode)
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasFoundOnceBreaksNothing(Target target) throws IOException {
        List<byte[]> inputs = target.inputs();
        assertThat(inputs).isNotEmpty();
        for (byte[] input : inputs) {
            target.parse(input);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("full")
    void aFuzzerFindsNothing(Target target) throws Exception {
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        int number = 0;
        for (byte[] input : target.inputs()) {
            Files.write(corpus.resolve("kept-" + number++), input);
        }
        String output =
                jazzer(
                        target,
                        "-max_total_time=" + SECONDS,
                        "-print_final_stats=1",
                        corpus.toString());
        Matcher units = UNITS.matcher(output);
        assertThat(units.find()).as(output).isTrue();
        assertThat(Long.parseLong(units.group(1))).isGreaterThan(number);
        if (Boolean.getBoolean("posthaste.fuzz.keep")) {
            Path least = Files.createDirectories(folder.resolve("least"));
            jazzer(target, "-merge=1", least.toString(), corpus.toString());
            keep(target, least);
        }
    }

    private String jazzer(Target target, String... more) throws Exception {
        Path findings = Files.createDirectories(folder.resolve("findings"));
        Path log = folder.resolve("jazzer.log");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-XX:+EnableDynamicAgentLoading",
                                "--sun-misc-unsafe-memory-access=allow",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "com.code_intelligence.jazzer.Jazzer",
                                "--target_class=" + target.type.getName(),
                                "--instrumentation_includes=posthaste.**",
                                "-max_len=4096",
                                "-artifact_prefix=" + findings + File.separator));
        command.addAll(List.of(more));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            int exit = process.waitFor();
            String output = Files.readString(log, ISO_8859_1);
            assertThat(exit).as(() -> told(output, findings)).isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    /** The end of what the fuzzer said, and the inputs that broke something, in base 64. */
    private static String told(String output, Path findings) {
        StringBuilder told =
                new StringBuilder(output.substring(Math.max(0, output.length() - 8000)));
        try (Stream<Path> files = Files.list(findings)) {
            for (Path file : files.toList()) {
                told.append('\n')
                        .append(Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
            }
        } catch (IOException e) {
            told.append(e);
        }
        return told.toString();
    }

    private static void keep(Target target, Path least) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(least)) {
            for (Path file : files.toList()) {
                lines.add(Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
            }
        }
        Files.write(target.kept(), lines.stream().sorted().toList(), US_ASCII);
    }
}
