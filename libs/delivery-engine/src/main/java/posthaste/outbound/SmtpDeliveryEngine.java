package posthaste.outbound;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.BodyStore;
import posthaste.body.CorruptBodyException;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.envelope.DeliverBy;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome.Deferred;
import posthaste.mail.outcome.Outcome.Failed;
import posthaste.mail.outcome.Outcome.Kind;
import posthaste.mail.record.Job;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.outbound.destination.Admission;
import posthaste.outbound.destination.DestinationSnapshot;
import posthaste.outbound.destination.Destinations;
import posthaste.outbound.destination.Visit;
import posthaste.outbound.routing.ResolverUnavailableException;
import posthaste.outbound.routing.Route;
import posthaste.outbound.routing.Router;
import posthaste.outbound.routing.RoutingSettings;
import posthaste.outbound.smtp.FinalDot;
import posthaste.outbound.smtp.SmtpClient;
import posthaste.outbound.smtp.StepTimes;
import posthaste.outbound.smtp.UnreachableAddresses;
import posthaste.outbound.smtp.Watchdog;
import posthaste.outbound.tls.TlsPolicy;

/** The delivery engine over SMTP: route, admission at the destination, attempt. */
public final class SmtpDeliveryEngine implements DeliveryEngine {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpDeliveryEngine.class);
    private static final EnhancedStatusCode HELD_BACK = new EnhancedStatusCode(4, 4, 5);
    private static final EnhancedStatusCode TOO_LATE = new EnhancedStatusCode(5, 4, 7);
    private static final EnhancedStatusCode OUR_ERROR = new EnhancedStatusCode(4, 3, 0);

    /**
     * The part of the budget that may be spent waiting for the destination: what is left has to be
     * worth an attempt.
     */
    private static final int WAITING_SHARE = 2;

    /** Deadlines are kept to this much. */
    private static final Duration TICK = Duration.ofMillis(100);

    private static final Duration FORGETTING = Duration.ofSeconds(30);

    private final BodyStore bodies;
    private final InstantSource clock;
    private final Router router;
    private final TlsPolicy tls;
    private final ReturnPaths returnPaths;
    private final Destinations destinations;
    private final Watchdog watchdog = new Watchdog();
    private final UnreachableAddresses unreachable;
    private final SmtpClient client;
    private final EngineStatistics statistics = new EngineStatistics();
    private final Thread housekeeping;
    private volatile boolean closed;

    /** Starts with no connections. */
    public SmtpDeliveryEngine(
            BodyStore bodies,
            InstantSource clock,
            RoutingSettings routing,
            OutboundSettings outbound) {
        this.bodies = bodies;
        this.clock = clock;
        this.router = new Router(routing);
        this.tls = outbound.tls();
        this.returnPaths = outbound.returnPaths();
        this.destinations = new Destinations(outbound.destinations(), clock);
        this.unreachable = new UnreachableAddresses(outbound.destinations().probeInterval(), clock);
        this.client =
                new SmtpClient(
                        outbound.helo(),
                        outbound.sourceAddresses(),
                        outbound.trustedIssuers(),
                        watchdog,
                        unreachable);
        this.housekeeping =
                Thread.ofPlatform().name("delivery-housekeeping").daemon().start(this::keepHouse);
    }

    @Override
    public AttemptReport attempt(Job job, AttemptBudget budget, FinalDot finalDot)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    ResolverUnavailableException,
                    InterruptedException {
        long now = System.nanoTime();
        StepTimes times =
                new StepTimes(now + budget.beforeDot().toNanos(), budget.step(), budget.afterDot());
        Route route = router.route(job.domain());
        Envelope envelope = job.envelope().envelope();
        TlsDemand demand = TlsDemand.of(envelope, router.tls(job.domain()).orElse(tls));
        Attempt attempt = new Attempt(job, route, demand, returnPaths, times, finalDot, clock);
        if (isTooLate(envelope)) {
            return attempt.reportForTheRest(
                    new Failed(
                            TOO_LATE,
                            Optional.empty(),
                            "the time by which it was to be delivered has passed"));
        }
        try (Visit visit = destinations.visit(route.destination(), envelope.stream())) {
            AttemptReport report =
                    make(attempt, visit.admit(now + budget.beforeDot().toNanos() / WAITING_SHARE));
            report.outcomes().forEach(each -> statistics.ended(each.outcome()));
            return report;
        } catch (RuntimeException e) {
            statistics.wasUnexpected();
            LOG.error("job {}: an error of ours, deferred", job.id(), e);
            return attempt.reportForTheRest(
                    new Deferred(
                            OUR_ERROR,
                            Optional.empty(),
                            "an internal error",
                            Kind.ATTEMPTED,
                            Duration.ZERO));
        }
    }

    /** RFC 2852 section 4.1.3: then no further attempt may be made. */
    private boolean isTooLate(Envelope envelope) {
        return envelope.handling()
                .deliverBy()
                .filter(by -> by.mode() == DeliverBy.Mode.RETURN)
                .filter(by -> !clock.instant().isBefore(by.deadline()))
                .isPresent();
    }

    private AttemptReport make(Attempt attempt, Admission admission)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    ResolverUnavailableException,
                    InterruptedException {
        return switch (admission) {
            case Admission.HeldBack(Duration retryAfter, String reason) -> {
                statistics.wasHeldBack();
                yield attempt.reportForTheRest(
                        new Deferred(
                                HELD_BACK,
                                Optional.empty(),
                                reason,
                                Kind.NOT_ATTEMPTED,
                                retryAfter));
            }
            case Admission.Admitted(var slot) -> {
                statistics.attempted();
                yield attempt.make(slot, router, client, bodies, statistics);
            }
        };
    }

    /** What the engine has done so far. */
    public EngineStatistics statistics() {
        return statistics;
    }

    /** Connections opened so far. */
    public long connectionsOpened() {
        return client.opened();
    }

    /** Its destinations now, by name. */
    public List<DestinationSnapshot> destinations() {
        return destinations.snapshot();
    }

    /** Jobs in its hands now. */
    public int inFlight() {
        return destinations.held();
    }

    /** Those among them that wait for their destination. */
    public int waiting() {
        return destinations.waiting();
    }

    /** Takes leave of idle hosts and breaks off what is under way. */
    @Override
    public void close() {
        closed = true;
        housekeeping.interrupt();
        destinations.close();
        watchdog.breakOffAll();
    }

    private void keepHouse() {
        long forgottenAt = System.nanoTime();
        while (!closed) {
            try {
                Thread.sleep(TICK);
                long now = System.nanoTime();
                watchdog.look(now);
                destinations.tidy(now);
                if (now - forgottenAt > FORGETTING.toNanos()) {
                    destinations.forgetTheQuiet(now);
                    unreachable.forgetTheOld();
                    forgottenAt = now;
                }
            } catch (InterruptedException e) {
                // Only close() interrupts.
                return;
            } catch (RuntimeException e) {
                LOG.error("housekeeping goes on after an error of ours", e);
            }
        }
    }
}
