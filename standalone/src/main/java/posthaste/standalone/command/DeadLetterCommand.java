package posthaste.standalone.command;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import posthaste.queue.DeadLetter;
import posthaste.queue.DeadLetters;
import posthaste.queue.MailQueue;
import posthaste.standalone.installation.Installation;

/** The records that could never be handled: which they are, and putting them back. */
@Command(
        name = "dead-letter",
        description = "lists, shows and puts back records that could never be handled")
final class DeadLetterCommand extends PosthasteCommand {
    @Mixin private final Output output = new Output();

    @Parameters(
            index = "0",
            paramLabel = "list|show|put-back",
            description = "what to do; put back what has become readable or deliverable by now")
    private String action = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "as 'list' shows it")
    private @Nullable String id;

    @Option(names = "--all", description = "put all of them back")
    private boolean all;

    /**
     * One dead letter.
     *
     * @param id partition and offset among the dead letters
     * @param origin where it stood before
     * @param group that could not handle it
     * @param mailId and {@code recipients}: empty when it cannot be read
     * @param bodyNote why its body was not kept; empty when it was
     */
    private record Shown(
            String id,
            Instant buriedAt,
            String origin,
            String group,
            String reason,
            String mailId,
            String content,
            String bodyNote) {

        static Shown of(DeadLetter letter) {
            DeadLetter.Origin origin = letter.origin();
            return new Shown(
                    idOf(letter),
                    letter.buriedAt(),
                    origin.topic() + "-" + origin.partition() + "@" + origin.offset(),
                    letter.group(),
                    letter.reason(),
                    letter.content().map(content -> content.mailId().value()).orElse(""),
                    letter.content().map(Object::toString).orElse(""),
                    letter.bodyNote());
        }
    }

    /** All of them. */
    private record Listed(List<Shown> deadLetters) {}

    /**
     * What became of those that were to be put back.
     *
     * @param left those that stay, and why
     */
    private record PutBack(List<String> putBack, List<Left> left) {}

    /** One that stays. */
    private record Left(String id, String why) {}

    @Override
    protected ExitStatus carryOut() throws Exception {
        if (!Set.of("list", "show", "put-back").contains(action)) {
            throw askedWrongly("dead-letter can list, show or put-back, not '" + action + "'.");
        }
        boolean wantsId = action.equals("show") || (action.equals("put-back") && !all);
        if (wantsId && id == null) {
            throw askedWrongly(
                    "dead-letter " + action + " wants an ID; 'dead-letter list' shows them.");
        }
        if (!wantsId && id != null) {
            throw askedWrongly("dead-letter " + action + " takes no ID here.");
        }
        try (Installation installation = Installation.open(settings().properties())) {
            DeadLetters letters = installation.part(MailQueue.class).deadLetters();
            return switch (action) {
                case "list" -> list(letters);
                case "show" -> show(letters);
                default -> putBack(letters);
            };
        }
    }

    private ExitStatus list(DeadLetters letters) throws Exception {
        List<Shown> shown = new ArrayList<>();
        letters.list(letter -> shown.add(Shown.of(letter)));
        List<String> lines = new ArrayList<>();
        lines.add(shown.size() + " dead letters.");
        shown.forEach(letter ->
                lines.add(
                        "  %-8s %s %s %s: %s"
                                .formatted(
                                        letter.id(),
                                        letter.buriedAt(),
                                        letter.mailId().isEmpty() ? "unreadable" : letter.mailId(),
                                        letter.origin(),
                                        letter.reason())));
        output.print(new Listed(shown), lines);
        return shown.isEmpty() ? ExitStatus.FINE : ExitStatus.FOUND;
    }

    private ExitStatus show(DeadLetters letters) throws Exception {
        List<Shown> found = new ArrayList<>();
        letters.list(letter -> {
            if (idOf(letter).equals(id)) {
                found.add(Shown.of(letter));
            }
        });
        if (found.isEmpty()) {
            throw new CommandFailedException(
                    "there is no dead letter " + id + "; 'dead-letter list' shows them.");
        }
        Shown letter = found.getFirst();
        output.print(
                letter,
                List.of(
                        "id:       " + letter.id(),
                        "buried:   " + letter.buriedAt(),
                        "stood on: " + letter.origin(),
                        "group:    " + letter.group(),
                        "reason:   " + letter.reason(),
                        "body:     " + (letter.bodyNote().isEmpty() ? "kept" : letter.bodyNote()),
                        "content:  "
                                + (letter.content().isEmpty() ? "unreadable" : letter.content())));
        return ExitStatus.FINE;
    }

    private ExitStatus putBack(DeadLetters letters) throws Exception {
        Predicate<DeadLetter> which = letter -> all || idOf(letter).equals(id);
        Set<String> done = new TreeSet<>();
        List<Left> left = new ArrayList<>();
        letters.putBack(
                which,
                (letter, fate) -> {
                    switch (fate) {
                        case DeadLetter.Fate.PutBack() -> done.add(idOf(letter));
                        case DeadLetter.Fate.Left(String why) ->
                                left.add(new Left(idOf(letter), why));
                    }
                });
        if (!all && done.isEmpty() && left.isEmpty()) {
            throw new CommandFailedException(
                    "there is no dead letter " + id + "; 'dead-letter list' shows them.");
        }
        List<String> lines = new ArrayList<>();
        lines.add(done.size() + " dead letters are on their topics again.");
        left.forEach(one -> lines.add("  " + one.id() + " stays: " + one.why()));
        output.print(new PutBack(List.copyOf(done), left), lines);
        return left.isEmpty() ? ExitStatus.FINE : ExitStatus.FOUND;
    }

    private static String idOf(DeadLetter letter) {
        return letter.partition() + "-" + letter.offset();
    }
}
