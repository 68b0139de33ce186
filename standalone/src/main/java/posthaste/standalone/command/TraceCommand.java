package posthaste.standalone.command;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import posthaste.bounce.deliverylog.LogDatabase;
import posthaste.bounce.deliverylog.LogSearch;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.deliverylog.LoggedMail;
import posthaste.bounce.deliverylog.MailStory;
import posthaste.bounce.rest.SearchParameters;
import posthaste.bounce.rest.WrongParameterException;
import posthaste.mail.envelope.MailId;
import posthaste.mail.text.VisibleText;
import posthaste.standalone.installation.Installation;
import posthaste.standalone.terminal.Ink;
import posthaste.standalone.trace.StoryLines;

/** What became of a mail, or of the last mails to somebody. */
@Command(name = "trace", description = "tells what became of a mail, or of the mails to somebody")
final class TraceCommand extends PosthasteCommand {
    private static final int LIMIT = 20;

    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "RECIPIENT|ID", description = "an address, or the id of the 250")
    private String what = "";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "accepted then or later: 2h, 7d, 2026-11-22T08:30")
    private @Nullable String since;

    @Option(
            names = "--conversation",
            description = "with what both sides said, where not all recipients got the mail")
    private boolean conversation;

    /** As JSON. */
    private record Told(List<MailStory> mails) {}

    @Override
    protected ExitStatus carryOut() throws Exception {
        try (Installation installation = Installation.open(settings().properties())) {
            LogSearch log =
                    new LogSearch(installation.part(LogDatabase.class), new SimpleMeterRegistry());
            List<MailStory> stories = find(log, installation.part(InstantSource.class));
            if (stories.isEmpty()) {
                throw new CommandFailedException(
                        "the delivery log has no mail of '"
                                + VisibleText.of(what)
                                + "'"
                                + (since == null ? "" : " since then")
                                + ". What was accepted a moment ago may not be in it yet.");
            }
            Instant now = installation.part(InstantSource.class).instant();
            output.print(new Told(stories), lines(stories, now));
            return ExitStatus.FINE;
        } catch (WrongParameterException e) {
            throw askedWrongly(
                    (e.parameter().equals("from") ? "--since" : "RECIPIENT|ID")
                            + " must be "
                            + e.allowed()
                            + ".");
        }
    }

    /** Newest first, as many as can be read at a look. */
    private List<MailStory> find(LogSearch log, InstantSource clock)
            throws LogUnavailableException, WrongParameterException {
        List<MailStory> stories = new ArrayList<>();
        String name = what.contains("@") ? "recipient" : "id";
        for (LoggedMail mail :
                log.find(
                        SearchParameters.read(
                                Map.of(name, List.of(what), "from", List.of(given(since))),
                                clock.instant(),
                                LIMIT))) {
            Optional<MailStory> story = log.story(new MailId(mail.id()));
            story.ifPresent(stories::add);
        }
        return stories;
    }

    private static String given(@Nullable String option) {
        return option == null ? "" : option;
    }

    private List<String> lines(List<MailStory> stories, Instant now) {
        StoryLines teller = new StoryLines(Ink.ofStandardOutput(), now, conversation);
        List<String> lines = new ArrayList<>();
        for (MailStory story : stories) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.addAll(teller.of(story));
        }
        if (stories.size() == LIMIT) {
            lines.add("");
            lines.add(
                    "There may be more: these are the last "
                            + LIMIT
                            + ". --since tells from when.");
        }
        return lines;
    }
}
