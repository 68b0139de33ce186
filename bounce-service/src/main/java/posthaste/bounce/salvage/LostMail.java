package posthaste.bounce.salvage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import posthaste.bounce.deliverylog.LoggedEvent;
import posthaste.bounce.deliverylog.LoggedMail.LoggedEnvelope;
import posthaste.bounce.deliverylog.MailStory;
import posthaste.bounce.deliverylog.RecipientStanding;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.Notice;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Split;
import posthaste.mail.record.Topics;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/** A mail's unaccounted recipients, and the records that an order about them leads to. */
final class LostMail {
    private static final EnhancedStatusCode LOST = EnhancedStatusCode.parse("5.3.0");
    private static final EnhancedStatusCode QUEUED = EnhancedStatusCode.parse("2.0.0");

    private final MailId id;
    private final MailStory story;
    private final Set<String> lost;
    private final Instant now;

    /**
     * Takes what is known.
     *
     * @param lost addresses
     */
    LostMail(MailId id, MailStory story, List<String> lost, Instant now) {
        this.id = id;
        this.story = story;
        this.lost = new LinkedHashSet<>(lost);
        this.now = now;
    }

    /** One event with an entry for each of the recipients. */
    OutgoingRecord event(Event.Kind kind, Set<String> about, String reason) {
        List<Event.Entry> entries = new ArrayList<>();
        for (String address : about) {
            entries.add(
                    new Event.Entry(
                            address,
                            kind,
                            kind == Event.Kind.REQUEUED ? QUEUED : LOST,
                            Optional.empty(),
                            reason,
                            Optional.empty(),
                            false,
                            Optional.empty()));
        }
        Optional<Stream> stream =
                story.mail()
                        .envelope()
                        .map(LoggedEnvelope::stream)
                        .filter(Stream::isName)
                        .map(Stream::new);
        return OutgoingRecord.of(new Event(id, now, Optional.empty(), entries, stream));
    }

    /** The jobs that try the recipients again; each recipient stands in at most one. */
    List<Job> jobs(List<Piece> pieces) {
        Set<String> left = new HashSet<>(lost);
        List<Job> jobs = new ArrayList<>();
        for (Piece piece : pieces) {
            for (Job job : jobsOf(piece)) {
                List<Integer> pending = new ArrayList<>();
                for (int i : job.pending()) {
                    if (left.remove(address(job, i))) {
                        pending.add(i);
                    }
                }
                if (!pending.isEmpty()) {
                    jobs.add(
                            new Job(
                                    job.id(),
                                    job.envelope(),
                                    job.body(),
                                    pending,
                                    attempts(job, pending),
                                    0,
                                    true,
                                    isWarned()));
                }
            }
        }
        return jobs;
    }

    /** What tells the sender of the recipients in {@code jobs}. */
    List<Notice> notices(List<Job> jobs) {
        Map<String, LoggedEvent> refusals = refusals();
        List<Notice> notices = new ArrayList<>();
        for (Job job : jobs) {
            List<Notice.Entry> entries = new ArrayList<>();
            StringBuilder noticeId = new StringBuilder(job.id() + "/failed/");
            for (int i : job.pending()) {
                noticeId.append(entries.isEmpty() ? "" : ",").append(i);
                entries.add(entry(i, Optional.ofNullable(refusals.get(address(job, i)))));
            }
            notices.add(new Notice(noticeId.toString(), job.envelope(), job.body(), now, entries));
        }
        return notices;
    }

    OutgoingRecord queued(Job job) {
        String topic = Topics.outbound(job.envelope().envelope().stream());
        return new OutgoingRecord(topic, job.domain(), job);
    }

    OutgoingRecord told(Notice notice) {
        return new OutgoingRecord(Topics.BOUNCE, id.value(), notice);
    }

    static Set<String> addresses(List<Job> jobs) {
        Set<String> addresses = new LinkedHashSet<>();
        for (Job job : jobs) {
            job.pending().forEach(i -> addresses.add(address(job, i)));
        }
        return addresses;
    }

    private static String address(Job job, int recipient) {
        return job.envelope().envelope().recipients().get(recipient).address().toString();
    }

    /** As they were before: a split's are always the same; of a single job the log knows the id. */
    private List<Job> jobsOf(Piece piece) {
        int recipients = piece.envelope().envelope().recipients().size();
        if (recipients == story.mail().recipientCount()) {
            return new Split(piece.envelope(), piece.body()).jobs();
        }
        Job job = Job.first(piece.envelope(), piece.body(), 0, true);
        String known =
                story.events().stream()
                        .filter(event -> piece.addresses().contains(event.recipient()))
                        .flatMap(event -> event.attempt().stream())
                        .map(LoggedEvent.LoggedAttempt::jobId)
                        .findFirst()
                        .orElse(job.id());
        BodyRef body = job.body();
        return List.of(new Job(known, job.envelope(), body, job.pending(), 0, 0, true, false));
    }

    private int attempts(Job job, List<Integer> pending) {
        Set<String> addresses = new HashSet<>();
        pending.forEach(i -> addresses.add(address(job, i)));
        return story.mail().recipients().stream()
                .filter(standing -> addresses.contains(standing.address()))
                .mapToInt(RecipientStanding::attempts)
                .max()
                .orElse(0);
    }

    private boolean isWarned() {
        return story.events().stream().anyMatch(event -> event.kind().equals("delay_warned"));
    }

    /** By address, who was refused before: their senders are told just that. */
    private Map<String, LoggedEvent> refusals() {
        Map<String, LoggedEvent> refusals = new HashMap<>();
        story.events().stream()
                .filter(event -> event.kind().equals("failed") && event.attempt().isPresent())
                .sorted(Comparator.comparing(LoggedEvent::time))
                .forEach(event -> refusals.put(event.recipient(), event));
        return refusals;
    }

    private static Notice.Entry entry(int recipient, Optional<LoggedEvent> refusal) {
        return new Notice.Entry(
                recipient,
                Notice.Action.FAILED,
                refusal.map(event -> EnhancedStatusCode.parse(event.enhancedCode())).orElse(LOST),
                refusal.flatMap(LoggedEvent::reply).flatMap(LostMail::reply),
                refusal.map(LoggedEvent::reason)
                        .orElse("Our system lost track of the message before it was delivered."),
                refusal.flatMap(LoggedEvent::attempt)
                        .map(LoggedEvent.LoggedAttempt::remoteHost)
                        .orElse(""),
                Optional.empty());
    }

    /** As the log shows it: the code, a space, the text. */
    private static Optional<Reply> reply(String shown) {
        if (!shown.matches("[2-5]\\d\\d(?: .*)?")) {
            return Optional.empty();
        }
        return Optional.of(
                new Reply(
                        Integer.parseInt(shown.substring(0, 3)),
                        shown.length() > 4 ? shown.substring(4) : ""));
    }
}
