package posthaste.acceptance.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** The results of a run, for people (Markdown) and for scripts (JSON). */
final class ResultTable {
    private static final String HEAD =
            """
            | system | fault | strikes | mails | recipients | loss | phantom | corrupt | silent end \
            | duplicates | bound | longest gap | drained after | seed |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
            """;

    private ResultTable() {}

    static String line(Result result) {
        Verdict verdict = result.verdict();
        return "| %s | %s | %d | %d | %d | %d | %d | %d | %d | %d | %d | %.1f s | %.1f s | %d |"
                .formatted(
                        result.system(),
                        result.faults(),
                        result.strikes(),
                        verdict.ok(),
                        verdict.delivered() + verdict.told() + verdict.quiet(),
                        verdict.loss().size(),
                        verdict.phantom().size(),
                        verdict.corrupt().size(),
                        verdict.silent().size(),
                        verdict.duplicates().size(),
                        verdict.bound(),
                        result.recovery(),
                        result.drained(),
                        result.seed());
    }

    static String markdown(List<Result> results) {
        return HEAD
                + results.stream().map(result -> line(result) + "\n").collect(Collectors.joining());
    }

    /** Writes both, beside each other. */
    static void write(Path folder, List<Result> results) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("results.md"), markdown(results));
        Files.writeString(
                folder.resolve("results.json"),
                new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(results));
    }
}
