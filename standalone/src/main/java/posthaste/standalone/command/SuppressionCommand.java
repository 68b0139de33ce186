package posthaste.standalone.command;

import java.io.BufferedWriter;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import posthaste.bounce.deliverylog.LogDatabase;
import posthaste.bounce.rest.SuppressionParameters;
import posthaste.bounce.rest.WrongParameterException;
import posthaste.bounce.suppression.ListedAddress;
import posthaste.bounce.suppression.SuppressionExport;
import posthaste.bounce.suppression.SuppressionImport;
import posthaste.bounce.suppression.SuppressionOrders;
import posthaste.bounce.suppression.SuppressionSearch;
import posthaste.bounce.suppression.SuppressionView;
import posthaste.mail.record.Topics;
import posthaste.mail.text.VisibleText;
import posthaste.queue.MailQueue;
import posthaste.queue.TopicPlan;
import posthaste.service.suppression.SuppressionKey;
import posthaste.service.suppression.SuppressionTopic;
import posthaste.standalone.installation.Installation;

/** The suppression list: who is on it, and what an operator can do about it. */
@Command(
        name = "suppression",
        description = "lists, adds, removes, imports and exports addresses that get no mail")
final class SuppressionCommand extends PosthasteCommand {
    private static final Duration READING = Duration.ofMinutes(10);
    private static final int LISTED = 100;
    private static final String STANDARD_INPUT = "-";

    @Mixin private final Output output = new Output();

    @Parameters(
            index = "0",
            paramLabel = "list|add|remove|import|export",
            description = "what to do")
    private String action = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ADDRESS|FILE",
            description =
                    "an address; for 'list' and 'export' also @DOMAIN, or how addresses begin; for"
                            + " 'import' a file (-: standard input), one address a line, or CSV")
    private @Nullable String what;

    @Option(
            names = "--stream",
            paramLabel = "NAME",
            description = "for this stream alone (add, remove and import: all)")
    private @Nullable String stream;

    @Option(
            names = "--class",
            paramLabel = "CLASS",
            description = "hard-bounce, soft-bounce, complaint, unsubscribe or manual")
    private @Nullable String suppressionClass;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why; recorded with your name")
    private @Nullable String reason;

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "until when: 2027-01-31, 2027-01-31T12:00:00Z")
    private @Nullable String expires;

    @Option(names = "--format", paramLabel = "FORMAT", description = "of an export: csv or jsonl")
    private @Nullable String format;

    @Option(names = "--removed", description = "list those that were taken out")
    private boolean removed;

    /** As JSON. */
    private record Listed(List<ListedAddress> suppressions) {}

    /** As JSON. */
    private record Removed(String address, String stream) {}

    @Override
    protected ExitStatus carryOut() throws Exception {
        if (!Set.of("list", "add", "remove", "import", "export").contains(action)) {
            throw askedWrongly(
                    "suppression can list, add, remove, import or export, not '" + action + "'.");
        }
        if (Set.of("add", "remove", "import").contains(action) && what == null) {
            throw askedWrongly(
                    "suppression "
                            + action
                            + " wants "
                            + (action.equals("import") ? "a FILE." : "an ADDRESS."));
        }
        try (Installation installation = Installation.open(settings().properties())) {
            if (installation.kind() == Installation.Kind.STOPPED) {
                installation
                        .part(MailQueue.class)
                        .prepare(List.of(TopicPlan.ofFacts(Topics.SUPPRESSION, Optional.empty())));
            }
            return switch (action) {
                case "list" -> list(installation);
                case "add" -> add(installation);
                case "remove" -> remove(installation);
                case "import" -> importFile(installation);
                default -> export(installation);
            };
        } catch (WrongParameterException e) {
            throw askedWrongly(
                    (e.parameter().equals("suppressionClass") ? "--class" : e.parameter())
                            + " must be "
                            + e.allowed()
                            + ".");
        }
    }

    private ExitStatus list(Installation installation) throws Exception {
        List<ListedAddress> found =
                search(installation)
                        .find(
                                SuppressionParameters.query(
                                        what,
                                        suppressionClass,
                                        stream,
                                        Boolean.toString(removed),
                                        null,
                                        Integer.toString(LISTED)));
        List<String> lines = new ArrayList<>();
        for (ListedAddress one : found) {
            lines.add(
                    "%-40s %-14s %-12s since %s%s %s (%s)"
                            .formatted(
                                    VisibleText.of(one.address()),
                                    one.stream().equals("*") ? "all" : one.stream(),
                                    one.inForce() || one.suppressionClass().equals("removed")
                                            ? one.suppressionClass()
                                            : one.suppressionClass() + ": " + one.count(),
                                    one.since(),
                                    one.expires() == null ? "," : " until " + one.expires() + ",",
                                    VisibleText.of(one.reason()),
                                    VisibleText.of(one.source())));
        }
        if (found.isEmpty()) {
            lines.add("No such address is on the list.");
        } else if (found.size() == LISTED) {
            lines.add("There may be more: these are the first " + LISTED + ". 'export' has all.");
        }
        output.print(new Listed(found), lines);
        return ExitStatus.FINE;
    }

    private ExitStatus add(Installation installation) throws Exception {
        ListedAddress added =
                SuppressionParameters.shown(
                        orders(installation)
                                .add(
                                        SuppressionParameters.key(stream, what),
                                        SuppressionParameters.classOf(suppressionClass),
                                        SuppressionParameters.text("--reason", reason),
                                        SuppressionParameters.expires(
                                                expires,
                                                installation.part(InstantSource.class).instant()),
                                        operator()));
        output.print(added, List.of(VisibleText.of(added.address()) + " gets no mail."));
        return ExitStatus.FINE;
    }

    private ExitStatus remove(Installation installation) throws Exception {
        SuppressionKey key = SuppressionParameters.key(stream, what);
        orders(installation)
                .remove(key, SuppressionParameters.text("--reason", reason), operator());
        output.print(
                new Removed(key.address(), key.streamWord()),
                List.of(
                        VisibleText.of(key.address())
                                + " is not on the list "
                                + key.stream()
                                        .map(only -> "of stream " + only.name() + ".")
                                        .orElse("for all streams.")));
        return ExitStatus.FINE;
    }

    private ExitStatus importFile(Installation installation) throws Exception {
        SuppressionImport.Defaults defaults =
                new SuppressionImport.Defaults(
                        SuppressionParameters.stream(stream),
                        SuppressionParameters.classOf(suppressionClass),
                        SuppressionParameters.text("--reason", reason),
                        operator());
        SuppressionImport.Report report;
        try (Reader source = file(String.valueOf(what))) {
            report =
                    new SuppressionImport(
                                    orders(installation),
                                    installation.part(InstantSource.class),
                                    defaults)
                            .read(source);
        } catch (NoSuchFileException e) {
            throw new CommandFailedException("there is no file " + e.getMessage() + ".");
        }
        List<String> lines = new ArrayList<>();
        lines.add(report.imported() + " addresses imported.");
        if (report.wrong() > 0) {
            lines.add(report.wrong() + " lines were no entries, as:");
            report.problems().forEach(problem -> lines.add("  " + VisibleText.of(problem)));
        }
        output.print(report, lines);
        return report.wrong() == 0 ? ExitStatus.FINE : ExitStatus.FOUND;
    }

    private ExitStatus export(Installation installation) throws Exception {
        SuppressionExport export = new SuppressionExport(search(installation));
        Writer out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        export.write(
                SuppressionParameters.query(what, suppressionClass, stream, null, null, null),
                SuppressionParameters.format(format),
                out);
        return ExitStatus.FINE;
    }

    /** The topic is the truth: the table is made to say the same before it is searched. */
    private static SuppressionSearch search(Installation installation) throws Exception {
        LogDatabase database = installation.log();
        InstantSource clock = installation.part(InstantSource.class);
        SuppressionView view =
                new SuppressionView(
                        installation.part(MailQueue.class).facts(Topics.SUPPRESSION),
                        database,
                        clock);
        view.start();
        try {
            if (!view.awaitWhole(READING)) {
                throw new CommandFailedException("the suppression list could not be read whole.");
            }
        } finally {
            view.stop();
        }
        return new SuppressionSearch(database, clock);
    }

    private static SuppressionOrders orders(Installation installation) throws Exception {
        return new SuppressionOrders(
                SuppressionTopic.forWriting(installation.part(MailQueue.class)),
                installation.part(InstantSource.class));
    }

    private static Reader file(String name) throws Exception {
        return name.equals(STANDARD_INPUT)
                ? new InputStreamReader(System.in, StandardCharsets.UTF_8)
                : new InputStreamReader(
                        Files.newInputStream(Path.of(name)), StandardCharsets.UTF_8);
    }

    private static String operator() {
        return System.getProperty("user.name", "unknown") + " (command line)";
    }
}
