package posthaste.standalone.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * One command. To add one: a subclass with picocli's {@code @Command(name, description)}, its place
 * in the list of {@link PosthasteCommandLine}, and its line in the launcher's help.
 */
public abstract class PosthasteCommand implements Callable<Integer> {
    @Mixin private final Settings settings = new Settings();

    @Spec private CommandSpec spec = CommandSpec.create();

    /**
     * Does it.
     *
     * @throws CommandFailedException with the one sentence that the user reads
     * @throws Exception of a part that is away: told as a sentence too; any other is a defect of
     *     ours and told with its trace
     */
    protected abstract ExitStatus carryOut() throws Exception;

    /** Where the installation is, and its properties. */
    protected final Settings settings() {
        return settings;
    }

    /** For options that do not fit together. */
    protected final ParameterException askedWrongly(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    @Override
    public final Integer call() throws Exception {
        return carryOut().code();
    }
}
