package posthaste.ingest.content;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.BodyStore;
import posthaste.ingest.accept.HeldBody;
import posthaste.ingest.accept.ReceivedMail;
import posthaste.ingest.accept.Refusal;
import posthaste.ingest.submitter.Login;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;

/**
 * The step that asks the scanners. All of them are asked at once; the gravest verdict stands:
 * refuse, then defer, then quarantine. Without scanners it lets everything pass at no cost.
 */
public final class InspectContent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InspectContent.class);

    /** Of all fields that are added to a message, in octets. */
    private static final int FIELDS_LIMIT = 16 * 1024;

    private static final int REASON_LIMIT = 500;

    private final List<Inspector> inspectors;
    private final Set<String> unscannedListeners;
    private final Set<String> unscannedLogins;
    private final Spool spool;

    /**
     * Asks these.
     *
     * @param unscannedListeners whose mail is not scanned
     * @param unscannedLogins whose mail is not scanned
     */
    public InspectContent(
            List<Inspector> inspectors,
            Set<String> unscannedListeners,
            Set<String> unscannedLogins,
            Spool spool) {
        this.inspectors = List.copyOf(inspectors);
        this.unscannedListeners = Set.copyOf(unscannedListeners);
        this.unscannedLogins = Set.copyOf(unscannedLogins);
        this.spool = spool;
    }

    /** Without any scanner. */
    public static InspectContent nothing() {
        return new InspectContent(
                List.of(), Set.of(), Set.of(), new Spool(java.nio.file.Path.of(""), 0));
    }

    /** The store that messages have to be received into, so that they can be scanned. */
    public BodyStore receivingInto(BodyStore store) {
        if (inspectors.isEmpty()) {
            return store;
        }
        long largest = inspectors.stream().mapToLong(Inspector::maxSize).max().orElseThrow();
        return new InspectedBodies(store, spool, largest);
    }

    /**
     * Asks, and notes in the envelope what was said.
     *
     * @throws Refusal when the mail is refused, for now or for good
     */
    public ReceivedMail inspect(ReceivedMail mail) {
        if (inspectors.isEmpty() || isUnscanned(mail.submitter())) {
            return mail;
        }
        boolean passed = false;
        try {
            List<Verdict> verdicts = ask(mail);
            refusal(verdicts)
                    .ifPresent(refusal -> {
                        LOG.info(
                                "mail {} is not accepted: {}",
                                mail.envelope().id(),
                                refusal.getMessage());
                        throw refusal;
                    });
            Envelope judged = judged(mail.envelope(), verdicts);
            passed = true;
            return judged.equals(mail.envelope()) ? mail : mail.with(judged);
        } catch (IOException e) {
            LOG.warn("mail refused, it cannot be scanned: {}", e.getMessage());
            throw Refusal.notAccepted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.notAccepted();
        } finally {
            if (!passed) {
                mail.body().close();
            }
        }
    }

    @Override
    public void close() {
        inspectors.forEach(Inspector::close);
    }

    private boolean isUnscanned(Submitter submitter) {
        return unscannedListeners.contains(submitter.listener())
                || submitter.login().map(Login::name).filter(unscannedLogins::contains).isPresent();
    }

    private List<Verdict> ask(ReceivedMail mail) throws IOException, InterruptedException {
        if (!(mail.body() instanceof HeldBody held && held.body() instanceof InspectedBody body)) {
            throw new IllegalStateException("the message was not received to be scanned");
        }
        Envelope envelope = mail.envelope();
        Optional<MessageBytes> message =
                body.message(envelope.addedFields().getBytes(StandardCharsets.UTF_8));
        if (message.isEmpty()) {
            return inspectors.stream().map(Inspector::tooLarge).toList();
        }
        ScannedMail scanned = new ScannedMail(envelope, message.get());
        // The rest is for store and broker.
        Duration allowed = mail.deadline().remaining().multipliedBy(2).dividedBy(3);
        List<FutureTask<Verdict>> others = new ArrayList<>();
        for (Inspector inspector : inspectors.subList(1, inspectors.size())) {
            FutureTask<Verdict> other = new FutureTask<>(() -> inspector.inspect(scanned, allowed));
            Thread.ofVirtual().name("inspect-" + inspector.name()).start(other);
            others.add(other);
        }
        List<Verdict> verdicts = new ArrayList<>();
        try {
            verdicts.add(inspectors.getFirst().inspect(scanned, allowed));
            for (FutureTask<Verdict> other : others) {
                verdicts.add(other.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            others.forEach(other -> other.cancel(true));
        }
        return verdicts;
    }

    private static Optional<Refusal> refusal(List<Verdict> verdicts) {
        Optional<Refusal> deferred = Optional.empty();
        for (Verdict verdict : verdicts) {
            switch (verdict) {
                case Verdict.Refuse refuse -> {
                    return Optional.of(new Refusal(refuse.reply()));
                }
                case Verdict.Defer defer -> deferred = Optional.of(new Refusal(defer.reply()));
                case Verdict.Accept _, Verdict.Quarantine _ -> {}
            }
        }
        return deferred;
    }

    private static Envelope judged(Envelope envelope, List<Verdict> verdicts) {
        StringBuilder fields = new StringBuilder();
        List<String> reasons = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            switch (verdict) {
                case Verdict.Accept(List<AddedField> added) -> add(fields, added);
                case Verdict.Quarantine(String reason, List<AddedField> added) -> {
                    reasons.add(reason);
                    add(fields, added);
                }
                case Verdict.Defer _, Verdict.Refuse _ -> {}
            }
        }
        Envelope judged = envelope;
        if (!fields.isEmpty()) {
            judged = judged.withMessage(judged.messageId(), fields + judged.addedFields());
        }
        if (!reasons.isEmpty()) {
            String reason = AddedField.onOneLine(String.join("; ", reasons));
            judged =
                    judged.handled(
                            judged.handling()
                                    .stoppingAt(
                                            new FirstStop.Quarantine(
                                                    reason.substring(
                                                            0,
                                                            Math.min(
                                                                    REASON_LIMIT,
                                                                    reason.length())))));
        }
        return judged;
    }

    private static void add(StringBuilder fields, List<AddedField> added) {
        for (AddedField field : added) {
            String text = field.toString();
            if (fields.length() + text.length() <= FIELDS_LIMIT) {
                fields.append(text);
            }
        }
    }
}
