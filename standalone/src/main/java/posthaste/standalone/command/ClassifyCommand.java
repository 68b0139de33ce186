package posthaste.standalone.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import posthaste.bounce.inbound.InboundReport;
import posthaste.bounce.inbound.ReportReader;
import posthaste.bounce.inbound.ReportedRecipient;
import posthaste.bounce.inbound.parse.Mbox;
import posthaste.bounce.inbound.parse.ReportKind;
import posthaste.bounce.inbound.rules.BounceClassifier;
import posthaste.bounce.inbound.rules.InvalidRulesException;
import posthaste.bounce.inbound.rules.RuleBook;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads mails that came back, one a file, and says for each recipient what they mean. */
@Command(
        name = "classify",
        description =
                "says what mails that came back mean: one JSON line for each recipient that they tell"
                        + " of")
final class ClassifyCommand extends PosthasteCommand {
    private static final String STANDARD_INPUT = "-";

    /** Octets of a file that are read: of one mail far fewer are looked at, an mbox holds many. */
    private static final int MOST = 64 << 20;

    private static final int MOST_MAILS = 100_000;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "files of one mail each, folders of them, or - for standard input")
    private List<String> places = List.of();

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "rules, or a folder of them, that go before the others")
    private List<Path> rules = List.of();

    @Spec private CommandSpec spec = CommandSpec.create();

    private final JsonMapper json = JsonMapper.builder().build();

    @Override
    protected ExitStatus carryOut() throws CommandFailedException {
        ReportReader reader = new ReportReader(classifierOf(rulePlaces()));
        boolean all = true;
        for (String place : places) {
            all &= place.equals(STANDARD_INPUT) ? standardInput(reader) : files(place, reader);
        }
        out().flush();
        return all ? ExitStatus.FINE : ExitStatus.FAILED;
    }

    private List<Path> rulePlaces() {
        List<Path> places = new ArrayList<>(rules);
        String configured = settings().properties().getOrDefault("posthaste.bounce.rules", "");
        Arrays.stream(configured.split(","))
                .filter(each -> !each.isBlank())
                .map(each -> Path.of(each.strip()))
                .forEach(places::add);
        return places;
    }

    private static BounceClassifier classifierOf(List<Path> places) throws CommandFailedException {
        try {
            return RuleBook.open(places).current();
        } catch (InvalidRulesException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private boolean standardInput(ReportReader reader) {
        try {
            printAll(STANDARD_INPUT, System.in.readNBytes(MOST), reader);
            return true;
        } catch (IOException e) {
            return unreadable("standard input", e);
        }
    }

    private boolean files(String place, ReportReader reader) {
        boolean all = true;
        try (Stream<Path> found = Files.walk(Path.of(place))) {
            for (Path file :
                    (Iterable<Path>) found.filter(Files::isRegularFile).sorted()::iterator) {
                all &= file(file, reader);
            }
        } catch (UncheckedIOException e) {
            // A folder within it.
            return unreadable(place, e);
        } catch (IOException e) {
            return unreadable(place, e);
        }
        return all;
    }

    private boolean file(Path file, ReportReader reader) {
        try (InputStream in = Files.newInputStream(file)) {
            printAll(file.toString(), in.readNBytes(MOST), reader);
            return true;
        } catch (IOException e) {
            return unreadable(file.toString(), e);
        }
    }

    /** A file may hold several mails (mbox): each is read for itself. */
    private void printAll(String file, byte[] bytes, ReportReader reader) {
        boolean told = false;
        for (byte[] mail : Mbox.mails(bytes, MOST_MAILS)) {
            InboundReport report = reader.read(mail);
            print(file, report);
            told |= !report.recipients().isEmpty();
        }
        if (!told) {
            ObjectNode line = line(file, ReportKind.NONE);
            line.putNull("recipient").putNull("class").put("hard", false).putNull("status");
            out().println(json.writeValueAsString(line.put("reply", "")));
        }
    }

    private void print(String file, InboundReport report) {
        for (ReportedRecipient each : report.recipients()) {
            ObjectNode line = line(file, each.kind());
            line.put("recipient", each.recipient().orElse(null));
            line.put("class", each.bounceClass().name());
            line.put("hard", each.hard());
            line.put("status", each.status().orElse(null));
            line.put("reply", each.reply());
            out().println(json.writeValueAsString(line));
        }
    }

    private ObjectNode line(String file, ReportKind kind) {
        return json.createObjectNode()
                .put("file", file)
                .putNull("recipient")
                .put("kind", kind.name().toLowerCase(Locale.ROOT));
    }

    private boolean unreadable(String what, Exception e) {
        spec.commandLine().getErr().println("posthaste: " + what + " can't be read: " + e);
        spec.commandLine().getErr().flush();
        return false;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
