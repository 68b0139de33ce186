package posthaste.standalone.command;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** How a command answers: lines for people, or one JSON object for machines. */
public final class Output {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--json", description = "answer as JSON")
    private boolean json;

    /**
     * Prints the answer.
     *
     * @param report a record, whose components are the JSON's
     * @param lines the same for people
     */
    public void print(Object report, List<String> lines) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(report));
        } else {
            lines.forEach(out::println);
        }
        out.flush();
    }
}
