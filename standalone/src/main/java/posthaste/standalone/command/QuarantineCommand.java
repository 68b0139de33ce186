package posthaste.standalone.command;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import posthaste.body.BodyStore;
import posthaste.bounce.quarantine.Quarantine;
import posthaste.bounce.quarantine.QuarantineFilter;
import posthaste.bounce.quarantine.Quarantined;
import posthaste.mail.envelope.MailId;
import posthaste.mail.record.QuarantineOrder.Action;
import posthaste.mail.text.VisibleText;
import posthaste.queue.MailQueue;
import posthaste.service.settings.QueueProperties;
import posthaste.standalone.installation.Installation;

/** Mail that was set aside: which it is, and what is to become of it. */
@Command(
        name = "quarantine",
        description = "lists, shows, releases and removes mail that was set aside")
final class QuarantineCommand extends PosthasteCommand {
    private static final int LISTED = 1000;

    @Mixin private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "list|show|release|remove", description = "what to do")
    private String action = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "id of a mail")
    private @Nullable String id;

    @Option(names = "--sender", description = "only of this sender, or of all of @example.org")
    private String sender = "";

    @Option(names = "--recipient", description = "only for this recipient, or for @example.org")
    private String recipient = "";

    @Option(names = "--reason", description = "only with this in its reason")
    private String reason = "";

    @Option(names = "--all", description = "everything")
    private boolean all;

    @Option(names = "--why", description = "for the record")
    private String why = "";

    /** What was ordered, and about how many jobs. */
    private record Ordered(String action, long jobs) {}

    /** One mail. */
    private record Shown(List<Quarantined> jobs, String message) {}

    @Override
    protected ExitStatus carryOut() throws Exception {
        if (!Set.of("list", "show", "release", "remove").contains(action)) {
            throw askedWrongly(
                    "quarantine can list, show, release or remove, not '" + action + "'.");
        }
        String mail = id == null ? "" : id;
        if (!mail.isEmpty() && !MailId.isValid(mail)) {
            throw askedWrongly("'" + mail + "' is no id of a mail; 'quarantine list' shows them.");
        }
        QuarantineFilter filter = new QuarantineFilter(mail, sender, recipient, reason);
        if (action.equals("show") && mail.isEmpty()) {
            throw askedWrongly("quarantine show wants an ID; 'quarantine list' shows them.");
        }
        boolean orders = action.equals("release") || action.equals("remove");
        if (orders && filter.isEmpty() && !all) {
            throw askedWrongly(
                    "quarantine "
                            + action
                            + " wants an ID, --sender, --recipient, --reason or --all.");
        }
        try (Installation installation = Installation.open(settings().properties())) {
            Quarantine quarantine =
                    new Quarantine(
                            installation.part(MailQueue.class),
                            installation.part(BodyStore.class),
                            installation.part(QueueProperties.class).quarantine(),
                            installation.part(InstantSource.class));
            return switch (action) {
                case "list" -> list(quarantine, filter);
                case "show" -> show(quarantine, mail);
                case "release" -> order(quarantine, Action.RELEASE, filter);
                default -> order(quarantine, Action.REMOVE, filter);
            };
        }
    }

    private ExitStatus list(Quarantine quarantine, QuarantineFilter filter) throws Exception {
        Quarantine.Listing listing = quarantine.list(filter, "", LISTED);
        List<String> lines = new ArrayList<>();
        lines.add(listing.total() + " jobs in quarantine.");
        for (Quarantined one : listing.mails()) {
            lines.add(
                    "  %s %s from <%s> to %s: %s"
                            .formatted(
                                    one.id(),
                                    one.since(),
                                    VisibleText.of(one.sender()),
                                    VisibleText.of(String.join(",", one.recipients())),
                                    VisibleText.of(one.reason())));
        }
        if (listing.total() > listing.mails().size()) {
            lines.add("  and older ones; --sender, --recipient and --reason narrow the list");
        }
        output.print(listing, lines);
        return listing.total() == 0 ? ExitStatus.FINE : ExitStatus.FOUND;
    }

    private ExitStatus show(Quarantine quarantine, String mail) throws Exception {
        Quarantine.Listing found = quarantine.list(QuarantineFilter.ofMail(mail), "", LISTED);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        if (found.mails().isEmpty() || !quarantine.write(mail, message, _ -> {})) {
            throw new CommandFailedException(
                    "mail " + mail + " is not in quarantine; 'quarantine list' shows what is.");
        }
        Quarantined one = found.mails().getFirst();
        String text = message.toString(StandardCharsets.UTF_8);
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "mail:       " + one.id(),
                                "since:      " + one.since(),
                                "until:      " + one.until(),
                                "reason:     " + VisibleText.of(one.reason()),
                                "sender:     <" + VisibleText.of(one.sender()) + ">",
                                "recipients: "
                                        + VisibleText.of(
                                                String.join(
                                                        ",",
                                                        found.mails().stream()
                                                                .flatMap(job ->
                                                                        job.recipients().stream())
                                                                .toList())),
                                ""));
        text.lines().map(VisibleText::of).forEach(lines::add);
        output.print(new Shown(found.mails(), text), lines);
        return ExitStatus.FINE;
    }

    private ExitStatus order(Quarantine quarantine, Action wanted, QuarantineFilter filter)
            throws Exception {
        long jobs = quarantine.order(wanted, filter, "the command line", why);
        if (jobs == 0 && !filter.id().isEmpty()) {
            throw new CommandFailedException(
                    "mail "
                            + filter.id()
                            + " is not in quarantine; 'quarantine list' shows what is.");
        }
        output.print(
                new Ordered(action, jobs),
                List.of(
                        jobs
                                + " jobs are to be "
                                + (wanted == Action.RELEASE ? "released" : "removed")
                                + "; bounce-service carries that out, as soon as it runs."));
        return ExitStatus.FINE;
    }
}
