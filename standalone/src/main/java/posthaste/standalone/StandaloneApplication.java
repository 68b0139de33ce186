package posthaste.standalone;

import java.io.Console;
import java.io.IOException;
import java.util.Optional;
import posthaste.standalone.CommandLine.UsageException;
import posthaste.standalone.demo.Demo;
import posthaste.standalone.run.Standalone;

/** What {@code ./posthaste} starts. */
public final class StandaloneApplication {
    private static final int FAILED = 1;
    private static final int ASKED_WRONGLY = 2;

    private StandaloneApplication() {}

    public static void main(String[] args) {
        CommandLine line;
        try {
            line = CommandLine.parse(args);
        } catch (UsageException e) {
            System.err.println("posthaste: " + e.getMessage());
            System.exit(ASKED_WRONGLY);
            return;
        }
        try {
            switch (line.command()) {
                case RUN ->
                        System.out.println(
                                Standalone.start(line.properties(), () -> {}).readyLine());
                case DEMO -> demo(line);
            }
        } catch (IOException | InterruptedException e) {
            System.err.println("posthaste: " + e.getMessage());
            System.exit(FAILED);
        } catch (RuntimeException e) {
            // Told by Spring Boot's reporters already: in one sentence where it is ours.
            System.exit(FAILED);
        }
    }

    private static void demo(CommandLine line) throws IOException, InterruptedException {
        boolean inColour =
                Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        new Demo(System.out, inColour).run(line.properties());
        if (line.flags().contains(CommandLine.EXIT)) {
            System.exit(0);
        }
        System.out.println("Ctrl-C ends the demo.");
    }
}
