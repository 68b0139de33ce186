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
                case RUN -> run(line);
                case DEMO -> demo(line);
            }
        } catch (RuntimeException e) {
            // Spring Boot's reporters have told it: in one sentence where it is ours.
            System.exit(FAILED);
        }
    }

    private static void run(CommandLine line) {
        Standalone standalone = Standalone.start(line.properties(), () -> {});
        System.out.println(standalone.addresses().readyLine());
    }

    private static void demo(CommandLine line) {
        boolean inColour =
                Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        try {
            Demo demo = Demo.on(System.out, inColour);
            Standalone standalone = demo.start(line.properties());
            try {
                demo.tellStories(standalone.addresses());
            } catch (IOException | InterruptedException e) {
                System.err.println("posthaste: " + e.getMessage() + ".");
                standalone.end(FAILED);
            }
            if (line.flags().contains(CommandLine.EXIT)) {
                standalone.end(0);
            }
            System.out.println("Ctrl-C ends the demo.");
        } catch (IOException e) {
            System.err.println("posthaste: " + e.getMessage() + ".");
            System.exit(FAILED);
        }
    }
}
