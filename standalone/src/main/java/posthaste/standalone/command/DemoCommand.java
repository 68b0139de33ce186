package posthaste.standalone.command;

import java.io.Console;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import posthaste.standalone.demo.Demo;
import posthaste.standalone.run.Standalone;

/** A look: Posthaste beside a small receiving server, and the stories of three mails. */
@Command(
        name = "demo",
        description = "starts it beside a small receiving server, and follows three mails")
final class DemoCommand extends PosthasteCommand {
    @Mixin private final RunOptions options = new RunOptions();

    @Option(names = "--exit", description = "end after printing")
    private boolean exit;

    @Override
    protected ExitStatus carryOut() throws CommandFailedException, ToldException {
        boolean inColour =
                Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        try {
            Demo demo = Demo.on(System.out, inColour);
            Standalone standalone = start(demo, options.over(settings().properties()));
            try {
                demo.tellStories(standalone.addresses());
            } catch (IOException | InterruptedException e) {
                System.err.println("posthaste: " + e.getMessage() + ".");
                standalone.end(ExitStatus.FAILED.code());
            }
            if (exit) {
                standalone.end(ExitStatus.FINE.code());
            }
            System.out.println("Ctrl-C ends the demo.");
            return ExitStatus.GOES_ON;
        } catch (IOException e) {
            throw new CommandFailedException(e.getMessage() + ".", e);
        }
    }

    private static Standalone start(Demo demo, Map<String, String> properties)
            throws IOException, ToldException {
        try {
            return demo.start(properties);
        } catch (RuntimeException e) {
            // Spring Boot's reporters have told it: in one sentence where it is ours.
            throw new ToldException(e);
        }
    }
}
