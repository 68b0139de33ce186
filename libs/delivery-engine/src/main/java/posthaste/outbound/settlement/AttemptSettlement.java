package posthaste.outbound.settlement;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.Outcome.Deferred;
import posthaste.mail.outcome.Outcome.Delivered;
import posthaste.mail.outcome.Outcome.Failed;
import posthaste.mail.outcome.Outcome.Kind;
import posthaste.mail.outcome.RecipientOutcome;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.Notice;
import posthaste.mail.record.Notice.Action;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/**
 * Decides what an attempt leads to. Each pending recipient ends in exactly one place: delivered in
 * the event, told to the bounce-service, or pending in the next job (DESIGN 3, invariant 2).
 */
public final class AttemptSettlement {
    private static final Duration CAUSE_STEP = Duration.ofMinutes(10);

    private final RetryPolicy policy;
    private final InstantSource clock;
    private final String instance;

    /**
     * Takes what does not change from job to job.
     *
     * @param instance our name in events
     */
    public AttemptSettlement(RetryPolicy policy, InstantSource clock, String instance) {
        this.policy = policy;
        this.clock = clock;
        this.instance = instance;
    }

    /**
     * Decides.
     *
     * @throws IllegalArgumentException when the report does not have exactly one outcome for each
     *     pending recipient: settling on it would lose someone
     */
    public Decision decide(Job job, AttemptReport report) {
        requireFit(job, report);
        // Records bear milliseconds; what is decided on and what is read again are the same.
        Sorting sorting = new Sorting(job, report, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        for (RecipientOutcome one : report.outcomes()) {
            sorting.add(one.recipient(), one.outcome());
        }
        return sorting.decision();
    }

    private static void requireFit(Job job, AttemptReport report) {
        List<Integer> reported =
                report.outcomes().stream().map(RecipientOutcome::recipient).sorted().toList();
        if (!reported.equals(job.pending())) {
            throw new IllegalArgumentException(
                    "job "
                            + job.id()
                            + " has pending recipients "
                            + job.pending()
                            + ", but its attempt reports on "
                            + reported);
        }
    }

    /** The outcomes of one report on their way to where they belong. */
    private final class Sorting {
        private final Job job;
        private final Envelope envelope;
        private final AttemptDetails details;
        private final Instant now;
        private final Instant expiry;
        private final boolean attempted;
        private final int attempts;
        private final int position;
        private final Instant nextAttemptAt;
        private final boolean warns;
        private final DueTime due;
        private final List<Event.Entry> entries = new ArrayList<>();
        private final List<Integer> pending = new ArrayList<>();
        private final Map<Action, List<Notice.Entry>> told = new EnumMap<>(Action.class);

        Sorting(Job job, AttemptReport report, Instant now) {
            this.job = job;
            this.envelope = job.envelope().envelope();
            this.details = report.details();
            this.now = now;
            this.expiry = policy.expiry(envelope);
            this.due = new DueTime(envelope.handling().deliverBy(), now);
            this.attempted = report.outcomes().stream().anyMatch(Sorting::isAttempt);
            this.attempts = job.attempts() + (attempted ? 1 : 0);
            this.position =
                    due.position(
                            attempted
                                    ? policy.afterAttempts(attempts)
                                    : policy.heldBack(longestWait(report.outcomes())),
                            policy);
            this.nextAttemptAt = now.plus(policy.tier(position).delay());
            this.warns =
                    !job.delayWarned()
                            && (due.decidesOnWarning()
                                    ? due.isOver()
                                    : policy.isLate(envelope, now));
        }

        void add(int recipient, Outcome outcome) {
            switch (outcome) {
                case Delivered delivered -> deliver(recipient, delivered);
                case Failed failed -> fail(recipient, failed);
                case Deferred deferred when due.returns(nextAttemptAt) ->
                        fail(
                                recipient,
                                new Failed(
                                        DueTime.RETURNED,
                                        deferred.reply(),
                                        "it cannot be delivered in time: " + deferred.reason()));
                // Only who was really tried can expire: a month of our own outage is no reason.
                case Deferred deferred
                        when deferred.kind() != Kind.NOT_ATTEMPTED && !now.isBefore(expiry) ->
                        expire(recipient, deferred);
                case Deferred deferred -> defer(recipient, deferred);
            }
        }

        Decision decision() {
            Event event =
                    new Event(
                            envelope.id(),
                            now,
                            Optional.of(new Event.Attempt(attempts, job.id(), instance, details)),
                            entries,
                            Optional.of(envelope.stream()));
            Optional<Decision.Deferral> deferral =
                    pending.isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    new Decision.Deferral(
                                            pending,
                                            attempts,
                                            position,
                                            policy.tier(position),
                                            nextAttemptAt,
                                            job.delayWarned() || warns));
            return new Decision(job, event, causedAt(), deferral, told);
        }

        /**
         * A time that an attempt shares with its repetition after a crash, though they end at
         * different times: when it would have been due had each wait been as long as its tier,
         * moved on in whole steps, so that it never lies far back.
         */
        private Instant causedAt() {
            Instant due = policy.nominallyDue(envelope, job.attempts());
            long step = CAUSE_STEP.toMillis();
            return due.plusMillis(
                    Math.floorDiv(Duration.between(due, now).toMillis(), step) * step);
        }

        private void deliver(int recipient, Delivered delivered) {
            Reply reply = delivered.reply();
            enter(recipient, Event.Kind.DELIVERED, reply.status(), Optional.of(reply), "");
            if (!delivered.dsnPassedOn()
                    && recipient(recipient).notification().onSuccess()
                    && hasSender()) {
                tellOfRelay(
                        recipient,
                        reply,
                        "The next host took the message but does not report what becomes of it.");
            } else if (due.tellsOfRelay(delivered.deliverByPassedOn())
                    && !recipient(recipient).notification().never()
                    && hasSender()) {
                tellOfRelay(
                        recipient,
                        reply,
                        delivered.deliverByPassedOn()
                                ? "The next host took the message and knows when it is due."
                                : "The next host took the message but cannot be told when it is"
                                        + " due.");
            }
        }

        private void tellOfRelay(int recipient, Reply reply, String reason) {
            tell(
                    recipient,
                    Action.RELAYED,
                    reply.status(),
                    Optional.of(reply),
                    reason,
                    Optional.empty());
        }

        private void fail(int recipient, Failed failed) {
            enter(recipient, Event.Kind.FAILED, failed.status(), failed.reply(), failed.reason());
            tell(
                    recipient,
                    Action.FAILED,
                    failed.status(),
                    failed.reply(),
                    failed.reason(),
                    Optional.empty());
        }

        private void expire(int recipient, Deferred deferred) {
            enterDeferred(recipient, deferred, Optional.empty());
            tell(
                    recipient,
                    Action.EXPIRED,
                    deferred.status(),
                    deferred.reply(),
                    deferred.reason(),
                    Optional.empty());
        }

        private void defer(int recipient, Deferred deferred) {
            pending.add(recipient);
            enterDeferred(recipient, deferred, Optional.of(nextAttemptAt));
            if (warns && recipient(recipient).notification().onDelay() && hasSender()) {
                tell(
                        recipient,
                        Action.DELAYED,
                        due.decidesOnWarning() ? DueTime.DELAYED : deferred.status(),
                        deferred.reply(),
                        deferred.reason(),
                        Optional.of(expiry));
            }
        }

        private void enterDeferred(
                int recipient, Deferred deferred, Optional<Instant> promisedAttempt) {
            entries.add(
                    new Event.Entry(
                            recipient(recipient).address().toString(),
                            Event.Kind.DEFERRED,
                            deferred.status(),
                            deferred.reply(),
                            deferred.reason(),
                            promisedAttempt,
                            deferred.kind() == Kind.AMBIGUOUS,
                            Optional.empty()));
        }

        private void enter(
                int recipient,
                Event.Kind kind,
                EnhancedStatusCode status,
                Optional<Reply> reply,
                String reason) {
            entries.add(
                    new Event.Entry(
                            recipient(recipient).address().toString(),
                            kind,
                            status,
                            reply,
                            reason,
                            Optional.empty(),
                            false,
                            Optional.empty()));
        }

        private void tell(
                int recipient,
                Action action,
                EnhancedStatusCode status,
                Optional<Reply> reply,
                String reason,
                Optional<Instant> willRetryUntil) {
            String remoteHost = reply.isPresent() ? details.remoteHost() : "";
            told.computeIfAbsent(action, _ -> new ArrayList<>())
                    .add(
                            new Notice.Entry(
                                    recipient,
                                    action,
                                    status,
                                    reply,
                                    reason,
                                    remoteHost,
                                    willRetryUntil));
        }

        private Recipient recipient(int index) {
            return envelope.recipients().get(index);
        }

        /** Warnings and good news have no end to record: without a sender nobody is to be told. */
        private boolean hasSender() {
            return envelope.reversePath() instanceof ReversePath.From;
        }

        private static boolean isAttempt(RecipientOutcome one) {
            return !(one.outcome() instanceof Deferred deferred
                    && deferred.kind() == Kind.NOT_ATTEMPTED);
        }

        private static Duration longestWait(List<RecipientOutcome> outcomes) {
            Duration longest = Duration.ZERO;
            for (RecipientOutcome one : outcomes) {
                if (one.outcome() instanceof Deferred deferred
                        && deferred.retryAfter().compareTo(longest) > 0) {
                    longest = deferred.retryAfter();
                }
            }
            return longest;
        }
    }
}
