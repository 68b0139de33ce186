package posthaste.standalone.command;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import posthaste.bounce.events.EventFilter;
import posthaste.bounce.events.EventJson;
import posthaste.bounce.events.ToldEvent;
import posthaste.mail.record.Event;
import posthaste.mail.record.Topics;
import posthaste.queue.MailQueue;
import posthaste.queue.QueuedRecord;
import posthaste.standalone.installation.Installation;

/** What happens to mail, as the topic has it: the JSON lines of docs/events.md. */
@Command(name = "events", description = "prints what happens to mail, one JSON object a line")
final class EventsCommand extends PosthasteCommand {
    /** Lines after which the output is seen to still be there. */
    private static final int LOOK = 100;

    @Option(names = "--follow", description = "go on with what happens from now on")
    private boolean follow;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "what happened then or later: 2h, 7d, 2026-11-22T08:30 (all that is kept)")
    private @Nullable String since;

    @Option(
            names = "--kind",
            split = ",",
            paramLabel = "KIND",
            description = "these alone: delivered, deferred, bounced ... (docs/events.md)")
    private List<String> kinds = List.of();

    @Option(
            names = "--stream",
            split = ",",
            paramLabel = "NAME",
            description = "of these streams alone")
    private List<String> streams = List.of();

    @Spec private CommandSpec spec = CommandSpec.create();

    private int printed;

    /** Nobody reads on: {@code | head} has what it wanted. */
    private static final class OutputClosed extends RuntimeException {}

    @Override
    protected ExitStatus carryOut() throws Exception {
        EventFilter filter = filter();
        try (Installation installation = Installation.open(settings().properties())) {
            EventJson json = new EventJson(RulesInForce.of(installation.environment()));
            PrintWriter out = spec.commandLine().getOut();
            installation
                    .part(MailQueue.class)
                    .scanner()
                    .read(
                            Topics.EVENTS,
                            SinceOption.read(
                                            this,
                                            since,
                                            installation.part(InstantSource.class).instant())
                                    .orElse(Instant.EPOCH),
                            follow,
                            record -> print(record, filter, json, out));
            out.flush();
            return ExitStatus.FINE;
        } catch (OutputClosed _) {
            return ExitStatus.FINE;
        }
    }

    private void print(QueuedRecord record, EventFilter filter, EventJson json, PrintWriter out) {
        if (!(record.content() instanceof Event event)) {
            return;
        }
        for (ToldEvent told : ToldEvent.of(event)) {
            if (filter.wants(told)) {
                out.println(json.line(told));
                if ((follow || ++printed % LOOK == 0) && out.checkError()) {
                    throw new OutputClosed();
                }
            }
        }
    }

    private EventFilter filter() {
        for (String kind : kinds) {
            if (EventFilter.kind(kind).isEmpty()) {
                throw askedWrongly(
                        "--kind is '" + kind + "', but must be from " + EventFilter.KINDS + ".");
            }
        }
        try {
            return EventFilter.of(kinds, streams);
        } catch (IllegalArgumentException _) {
            throw askedWrongly("--stream must be names of streams.");
        }
    }
}
