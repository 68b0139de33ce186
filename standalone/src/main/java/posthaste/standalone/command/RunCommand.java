package posthaste.standalone.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import posthaste.standalone.run.Standalone;

/** All four services in this process, until it is stopped. */
@Command(name = "run", description = "starts Posthaste; Ctrl-C drains and stops it")
final class RunCommand extends PosthasteCommand {
    @Mixin private final RunOptions options = new RunOptions();

    @Override
    protected ExitStatus carryOut() throws ToldException {
        try {
            Standalone standalone =
                    Standalone.start(options.over(settings().properties()), () -> {});
            System.out.println(standalone.addresses().readyLine());
            return ExitStatus.GOES_ON;
        } catch (RuntimeException e) {
            // Spring Boot's reporters have told it: in one sentence where it is ours.
            throw new ToldException(e);
        }
    }
}
