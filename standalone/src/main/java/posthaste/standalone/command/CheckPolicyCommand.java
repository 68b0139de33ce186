package posthaste.standalone.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import posthaste.ingest.policy.book.PolicyFile;
import posthaste.service.reload.WrongFileException;

/** Reads policy files as a service does, before they are in force. */
@Command(
        name = "check-policy",
        description = "says whether policy files are right, and if not, the line and why")
final class CheckPolicyCommand extends PosthasteCommand {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "policy files")
    private List<Path> files = List.of();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    protected ExitStatus carryOut() {
        boolean all = true;
        for (Path file : files) {
            all &= isRight(file);
        }
        return all ? ExitStatus.FINE : ExitStatus.FAILED;
    }

    private boolean isRight(Path file) {
        try {
            PolicyFile.read(file);
            PrintWriter out = spec.commandLine().getOut();
            out.println(file + " is right.");
            out.flush();
            return true;
        } catch (WrongFileException e) {
            return complain(String.valueOf(e.getMessage()));
        } catch (NoSuchFileException e) {
            return complain(file + ": there is no such file");
        } catch (IOException e) {
            return complain(file + ": can't be read: " + e);
        }
    }

    private boolean complain(String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("posthaste: " + what);
        err.flush();
        return false;
    }
}
