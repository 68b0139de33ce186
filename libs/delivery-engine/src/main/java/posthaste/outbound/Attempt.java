package posthaste.outbound;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import posthaste.body.BodyStore;
import posthaste.body.CorruptBodyException;
import posthaste.body.CorruptBodyIOException;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredMessage;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Conversation;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.Outcome.Deferred;
import posthaste.mail.outcome.Outcome.Kind;
import posthaste.mail.outcome.RecipientOutcome;
import posthaste.mail.record.Job;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.outbound.destination.Contact;
import posthaste.outbound.destination.Slot;
import posthaste.outbound.failure.FailurePolicy;
import posthaste.outbound.failure.Scope;
import posthaste.outbound.failure.Stage;
import posthaste.outbound.failure.Trouble;
import posthaste.outbound.routing.Candidates;
import posthaste.outbound.routing.HostAddress;
import posthaste.outbound.routing.ResolverUnavailableException;
import posthaste.outbound.routing.Route;
import posthaste.outbound.routing.Router;
import posthaste.outbound.smtp.Fate;
import posthaste.outbound.smtp.FinalDot;
import posthaste.outbound.smtp.SmtpClient;
import posthaste.outbound.smtp.SmtpConnection;
import posthaste.outbound.smtp.StepTimes;
import posthaste.outbound.smtp.Transcript;
import posthaste.outbound.smtp.TroubleException;

/**
 * One try of one job: an idle connection if there is one, else host after host, until each
 * recipient has its outcome or the hosts or the time are used up.
 */
final class Attempt {
    private static final EnhancedStatusCode NO_TIME = new EnhancedStatusCode(4, 4, 7);
    private static final EnhancedStatusCode OURS = new EnhancedStatusCode(4, 3, 2);

    private final Job job;
    private final Route route;
    private final TlsDemand tlsDemand;
    private final ReturnPaths returnPaths;
    private final StepTimes times;
    private final FinalDot finalDot;
    private final InstantSource clock;
    private final Instant startedAt;
    private final long beganAt = System.nanoTime();
    private final List<Recipient> recipients;
    private final @Nullable Outcome[] outcomes;
    private final Transcript transcript = new Transcript();

    /** What a host did to recipients who have no outcome yet; what counts if no other helps. */
    private final @Nullable Outcome[] fallbacks;

    private String sourceAddress = "";
    private String remoteHost = "";
    private String remoteAddress = "";
    private String tls = "";
    private Contact contact = Contact.NONE;

    /** A host ended a session because it had carried enough, whatever came of the next one. */
    private boolean askedForLess;

    Attempt(
            Job job,
            Route route,
            TlsDemand tlsDemand,
            ReturnPaths returnPaths,
            StepTimes times,
            FinalDot finalDot,
            InstantSource clock) {
        this.job = job;
        this.route = route;
        this.tlsDemand = tlsDemand;
        this.returnPaths = returnPaths;
        this.clock = clock;
        this.times = times;
        this.finalDot = finalDot;
        this.startedAt = clock.instant();
        this.recipients = job.pendingRecipients();
        this.outcomes = new Outcome[recipients.size()];
        this.fallbacks = new Outcome[recipients.size()];
    }

    /** The same outcome for all who have none yet. */
    AttemptReport reportForTheRest(Outcome outcome) {
        undecided().forEach(i -> outcomes[i] = outcome);
        return report();
    }

    /** Makes the attempt, and tells the destination what was learned of it. */
    AttemptReport make(
            Slot slot,
            Router router,
            SmtpClient client,
            BodyStore bodies,
            EngineStatistics statistics)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    ResolverUnavailableException,
                    InterruptedException {
        try {
            Optional<SmtpConnection> idle = slot.idleConnection();
            if (idle.isPresent() && !tlsDemand.isMetBy(idle.get(), route)) {
                slot.keep(idle.get());
            } else if (idle.isPresent()) {
                statistics.reusedConnection();
                transmit(idle.get(), slot, bodies);
            }
            if (!isDecided()) {
                tryHosts(
                        router.candidates(route, tlsDemand.needsProvedHosts()),
                        slot,
                        client,
                        bodies);
            }
            return report();
        } catch (MissingBodyException
                | CorruptBodyException
                | StoreUnavailableException
                | ResolverUnavailableException
                | InterruptedException e) {
            if (undecided().size() == outcomes.length) {
                throw e;
            }
            // Thrown on, it would have those sent again who have the mail.
            return reportForTheRest(brokenOff());
        } finally {
            slot.end(askedForLess ? Contact.UNWELCOME : contact);
        }
    }

    /**
     * Sends to all who have no outcome yet: in one transaction, or, where each has a reverse-path
     * of his own, in one for each.
     *
     * @return whether the host ended the session without a word against the mail, and after it had
     *     taken some of it, so that a fresh session is in order
     */
    private boolean transmit(SmtpConnection connection, Slot slot, BodyStore bodies)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        Deque<List<Integer>> left = new ArrayDeque<>(transactions(undecided()));
        boolean begun = false;
        try {
            do {
                List<Integer> to = left.getFirst();
                List<Fate> fates = send(connection, bodies, to);
                if (connection.wasStale(fates)) {
                    askedForLess |= begun && asksForLess(fates);
                    return begun;
                }
                begun = true;
                left.removeFirst();
                take(fates, to, connection.host());
                Optional<Trouble> ofHost = troubleOfHost(fates);
                if (ofHost.isPresent()) {
                    Outcome outcome = outcome(ofHost.get(), connection.host());
                    left.forEach(some -> some.forEach(i -> noteFallback(i, ofHost.get(), outcome)));
                    return false;
                }
            } while (!left.isEmpty()
                    && connection.isUsable()
                    && slot.mayCarryMore(connection)
                    && times.left() > 0);
            return !left.isEmpty();
        } finally {
            if (connection.isUsable()) {
                slot.keep(connection);
            }
        }
    }

    private static boolean asksForLess(List<Fate> fates) {
        return fates.stream()
                .anyMatch(fate ->
                        fate instanceof Fate.Not(Trouble trouble)
                                && FailurePolicy.asksForLess(trouble));
    }

    private List<List<Integer>> transactions(List<Integer> to) {
        return returnPaths.isOwn(job.envelope().envelope())
                ? to.stream().map(List::of).toList()
                : List.of(to);
    }

    /** What a host did to one mail it does to the next, so that others are left to other hosts. */
    private static Optional<Trouble> troubleOfHost(List<Fate> fates) {
        return fates.stream()
                .flatMap(fate ->
                        fate instanceof Fate.Not(Trouble trouble)
                                        && FailurePolicy.scope(trouble) == Scope.HOST
                                ? Stream.of(trouble)
                                : Stream.empty())
                .findFirst();
    }

    private void tryHosts(Candidates candidates, Slot slot, SmtpClient client, BodyStore bodies)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    ResolverUnavailableException,
                    InterruptedException {
        Deque<HostAddress> lastResort = new ArrayDeque<>();
        Outcome withoutAnyHost = null;
        while (!isDecided() && times.left() > 0) {
            HostAddress host = candidates.next().orElse(null);
            if (host != null && client.wasUnreachable(host)) {
                lastResort.addLast(host);
                continue;
            }
            if (host == null) {
                host = lastResort.pollFirst();
            }
            if (host == null) {
                withoutAnyHost = candidates.verdict();
                break;
            }
            // What is left of the time is shared with the addresses that are left.
            long share = times.left() / (1 + candidates.atMostLeft() + lastResort.size());
            tryHost(host, times.within(share), slot, client, bodies);
        }
        decideTheRest(withoutAnyHost);
    }

    private void tryHost(
            HostAddress host, StepTimes timesToOpen, Slot slot, SmtpClient client, BodyStore bodies)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        try {
            boolean again = transmit(open(client, host, timesToOpen), slot, bodies);
            while (again && times.left() > 0) {
                again = transmit(open(client, host, times), slot, bodies);
            }
        } catch (TroubleException e) {
            noteHost(host, "", "");
            if (contact == Contact.NONE) {
                // A host that has no TLS to our taste is there all the same.
                contact = e.trouble().stage() == Stage.STARTTLS ? Contact.MADE : Contact.FAILED;
            }
            Outcome outcome = outcome(e.trouble(), host);
            undecided().forEach(i -> noteFallback(i, e.trouble(), outcome));
        }
    }

    private SmtpConnection open(SmtpClient client, HostAddress host, StepTimes timesToOpen)
            throws TroubleException, InterruptedException {
        try {
            return client.open(host, timesToOpen, tlsDemand.policy(), transcript);
        } catch (TroubleException e) {
            if (e.trouble().stage() != Stage.STARTTLS || tlsDemand.otherwise().isEmpty()) {
                throw e;
            }
            return client.open(host, timesToOpen, tlsDemand.otherwise().get(), transcript);
        }
    }

    private Outcome outcome(Trouble trouble, HostAddress host) {
        return tlsDemand.bySender()
                ? FailurePolicy.outcomeWhereTlsIsDemanded(trouble, host.toString())
                : FailurePolicy.outcome(trouble, host.toString());
    }

    /** The last host's word counts; but what one host does not offer, one that is away may. */
    private void noteFallback(int recipient, Trouble trouble, Outcome outcome) {
        if (!(FailurePolicy.isLackOfTheHost(trouble)
                && outcome instanceof Outcome.Failed
                && fallbacks[recipient] instanceof Deferred)) {
            fallbacks[recipient] = outcome;
        }
    }

    private List<Fate> send(SmtpConnection connection, BodyStore bodies, List<Integer> to)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        contact = Contact.MADE;
        noteHost(connection.host(), connection.sourceAddress(), connection.tls());
        Envelope envelope = job.envelope().envelope();
        try (StoredMessage message = StoredMessage.open(bodies, job.body(), envelope)) {
            List<Recipient> told = to.stream().map(recipients::get).toList();
            return connection.send(
                    returnPaths.onTheWire(envelope, told),
                    told,
                    message,
                    times,
                    finalDot,
                    clock.instant(),
                    transcript);
        } catch (CorruptBodyIOException e) {
            throw new CorruptBodyException(job.body(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new StoreUnavailableException("reading a body broke off", e);
        }
    }

    private void take(List<Fate> fates, List<Integer> to, HostAddress host) {
        for (int i = 0; i < to.size(); i++) {
            int recipient = to.get(i);
            switch (fates.get(i)) {
                case Fate.Taken(var reply, boolean dsnPassedOn, boolean deliverByPassedOn) ->
                        outcomes[recipient] =
                                new Outcome.Delivered(reply, dsnPassedOn, deliverByPassedOn);
                case Fate.Not(Trouble trouble) -> {
                    Outcome outcome = outcome(trouble, host);
                    if (FailurePolicy.asksForLess(trouble)) {
                        contact = Contact.UNWELCOME;
                    }
                    if (FailurePolicy.scope(trouble) == Scope.HOST) {
                        noteFallback(recipient, trouble, outcome);
                    } else {
                        outcomes[recipient] = outcome;
                    }
                }
            }
        }
    }

    /** The hosts, or the time, are used up. */
    private void decideTheRest(@Nullable Outcome withoutAnyHost) {
        for (int i : undecided()) {
            Outcome fallback = fallbacks[i];
            if (fallback == null) {
                fallback = withoutAnyHost;
            }
            outcomes[i] = fallback != null ? fallback : outOfTime();
        }
    }

    private Outcome outOfTime() {
        return later(
                NO_TIME,
                contact == Contact.NONE
                        ? "the time for this attempt was used up before a host could be tried"
                        : "the time for this attempt was used up before it was his turn");
    }

    private static Outcome brokenOff() {
        return later(OURS, "the attempt was broken off by us before it was his turn");
    }

    private static Outcome later(EnhancedStatusCode status, String reason) {
        return new Deferred(status, Optional.empty(), reason, Kind.ATTEMPTED, Duration.ZERO);
    }

    private boolean isDecided() {
        return undecided().isEmpty();
    }

    private List<Integer> undecided() {
        List<Integer> left = new ArrayList<>(outcomes.length);
        for (int i = 0; i < outcomes.length; i++) {
            if (outcomes[i] == null) {
                left.add(i);
            }
        }
        return left;
    }

    private void noteHost(HostAddress host, String source, String tlsInUse) {
        sourceAddress = source;
        remoteHost = host.name();
        remoteAddress = host.addressAndPort();
        tls = tlsInUse;
    }

    private boolean isDeliveredToAll() {
        for (Outcome outcome : outcomes) {
            if (!(outcome instanceof Outcome.Delivered)) {
                return false;
            }
        }
        return true;
    }

    private AttemptReport report() {
        List<RecipientOutcome> all = new ArrayList<>(outcomes.length);
        for (int i = 0; i < outcomes.length; i++) {
            Outcome outcome = outcomes[i];
            if (outcome == null) {
                throw new IllegalStateException("a recipient was left without an outcome");
            }
            all.add(new RecipientOutcome(job.pending().get(i), outcome));
        }
        return new AttemptReport(
                new AttemptDetails(
                        route.destination(),
                        sourceAddress,
                        remoteHost,
                        remoteAddress,
                        tls,
                        startedAt,
                        Duration.ofNanos(System.nanoTime() - beganAt),
                        isDeliveredToAll() ? Conversation.NONE : transcript.conversation()),
                all);
    }
}
