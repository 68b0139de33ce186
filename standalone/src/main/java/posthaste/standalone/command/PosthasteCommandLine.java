package posthaste.standalone.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import posthaste.body.StoreUnavailableException;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueueUnavailableException;
import posthaste.standalone.installation.InstallationUnavailableException;

/** All commands; what was typed is carried out by one of them. */
public final class PosthasteCommandLine {
    private static final String LIST_THEM = "; './posthaste help' lists ";
    private static final String AGAIN = " Try again once it is back.";

    @Command(
            name = "posthaste",
            synopsisSubcommandLabel = "COMMAND",
            description = "A mail relay.",
            subcommands = {
                // In the order of the help, one a line.
                RunCommand.class,
                DemoCommand.class,
                FsckCommand.class,
                RecoverCommand.class,
                ReindexCommand.class,
                ReclassifyCommand.class,
                DeadLetterCommand.class,
                QuarantineCommand.class,
                BackupCommand.class,
                RestoreCommand.class,
                TraceCommand.class,
                EventsCommand.class,
                BenchCommand.class,
                ClassifyCommand.class,
                CheckPolicyCommand.class,
                DkimKeyCommand.class,
                SuppressionCommand.class,
                UserCommand.class,
                PageUserCommand.class,
                KeyCommand.class,
                HelpCommand.class,
            })
    private static final class Root {}

    private final CommandLine commandLine = new CommandLine(new Root());

    public PosthasteCommandLine() {
        configure();
        addHelp(commandLine);
        commandLine.getSubcommands().values().stream()
                .filter(subcommand -> subcommand.getCommand() instanceof PosthasteCommand)
                .forEach(PosthasteCommandLine::addHelp);
    }

    /** The names of all commands. */
    public Set<String> names() {
        return commandLine.getSubcommands().keySet();
    }

    /**
     * Carries out what was typed after {@code ./posthaste}; without a command, {@code run} is
     * meant.
     *
     * @return the {@link ExitStatus}, as a number
     */
    public int execute(String... typed) {
        try {
            List<String> arguments = new ArrayList<>(PropertyArguments.translate(typed));
            if (!namesCommand(arguments)) {
                arguments.addFirst("run");
            }
            return commandLine.execute(arguments.toArray(String[]::new));
        } catch (WrongArgumentException e) {
            tell(commandLine, e.getMessage());
            return ExitStatus.ASKED_WRONGLY.code();
        }
    }

    /** Puts a command in the place of the one of its name; for tests. */
    PosthasteCommandLine replacing(PosthasteCommand command) {
        String name = command.getClass().getAnnotation(Command.class).name();
        commandLine.getCommandSpec().removeSubcommand(name);
        commandLine.addSubcommand(name, command);
        configure();
        return this;
    }

    /** Where a command prints to; for tests. */
    PosthasteCommandLine printingTo(PrintWriter out, PrintWriter err) {
        commandLine.setOut(out).setErr(err);
        return this;
    }

    /** Picocli hands each of these on to the subcommands that there are. */
    private void configure() {
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine
                .setOverwrittenOptionsAllowed(true)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(PosthasteCommandLine::askedWrongly)
                .setExecutionExceptionHandler(PosthasteCommandLine::failed);
    }

    private static void addHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(
                        OptionSpec.builder("-h", "--help")
                                .usageHelp(true)
                                .description("shows this")
                                .build());
    }

    private static boolean namesCommand(List<String> arguments) {
        String first = arguments.isEmpty() ? "--" : arguments.getFirst();
        return !first.startsWith("-") || first.equals("--help") || first.equals("-h");
    }

    private static int askedWrongly(ParameterException e, String[] arguments) {
        tell(e.getCommandLine(), sentence(e.getCommandLine(), e));
        return ExitStatus.ASKED_WRONGLY.code();
    }

    private static void tell(CommandLine command, @Nullable String sentence) {
        command.getErr().println("posthaste: " + sentence);
        command.getErr().flush();
    }

    private static String sentence(CommandLine command, ParameterException e) {
        return switch (e) {
            case UnmatchedArgumentException unmatched -> {
                String word = unmatched.getUnmatched().getFirst();
                yield command.getParent() == null
                        ? "there is no command '" + word + "'" + LIST_THEM + "them."
                        : command.getCommandName()
                                + " knows no '"
                                + word
                                + "'"
                                + LIST_THEM
                                + "the options.";
            }
            case MissingParameterException missing when !missing.getMissing().isEmpty() ->
                    name(missing) + " needs a value.";
            default -> {
                String message = String.valueOf(e.getMessage());
                yield message.endsWith(".") ? message : message + ".";
            }
        };
    }

    private static String name(MissingParameterException missing) {
        return missing.getMissing().getFirst() instanceof CommandLine.Model.OptionSpec option
                ? option.longestName()
                : missing.getMissing().getFirst().paramLabel();
    }

    private static int failed(Exception e, CommandLine command, ParseResult typed) {
        switch (e) {
            case ToldException _ -> {}
            case InstallationUnavailableException unavailable -> {
                if (!unavailable.isTold()) {
                    tell(command, e.getMessage());
                }
            }
            case CommandFailedException _, LogUnavailableException _ ->
                    tell(command, e.getMessage());
            case QueueUnavailableException _, OutcomeUnknownException _ ->
                    tell(command, "the queue could not be asked: " + e.getMessage() + "." + AGAIN);
            case StoreUnavailableException _ ->
                    tell(command, "the bodies could not be read: " + e.getMessage() + "." + AGAIN);
            case PartUnavailableException _ ->
                    tell(command, "it was broken off: " + e.getMessage() + "." + AGAIN);
            case InterruptedException _ -> tell(command, "it was interrupted.");
            default -> {
                tell(command, "it failed for a reason that nobody foresaw:");
                e.printStackTrace(command.getErr());
                command.getErr().flush();
            }
        }
        return ExitStatus.FAILED.code();
    }
}
