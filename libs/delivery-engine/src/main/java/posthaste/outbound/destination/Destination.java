package posthaste.outbound.destination;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import posthaste.mail.envelope.Stream;
import posthaste.outbound.smtp.SmtpConnection;

/**
 * One route's ready queue: slots for as many attempts as the destination bears, the jobs that wait
 * for one, and its idle connections. A slot goes to the streams in turn, by their shares; within a
 * stream first come, first served. A stream that has no attempt under way need not wait for one of
 * another's to end: it gets one slot beyond the limit that was found, if not beyond the configured
 * maximum.
 */
final class Destination {
    /**
     * A wait that hurts nobody: a destination that moves this fast is not slow, whatever it holds.
     */
    private static final Duration SHORT_WAIT = Duration.ofSeconds(1);

    private final String name;
    private final DestinationSettings settings;
    private final IdleConnections connections;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final ConcurrencyLimit limit;
    private final Health health;
    private final Backlog backlog = new Backlog();
    private final Set<Slot> busy = new LinkedHashSet<>();
    private final Turns<Lane, Waiter> waiters;
    private final ConcurrentHashMap<Stream, Lane> lanes = new ConcurrentHashMap<>();
    private final Deque<SmtpConnection> idle = new ArrayDeque<>();
    private boolean closed;

    /** Jobs that are in here or on their way in or out; kept by {@link Destinations}. */
    final AtomicInteger visitors = new AtomicInteger();

    /** Of {@link System#nanoTime}; kept by {@link Destinations}. */
    long lastVisit;

    Destination(
            String name,
            DestinationSettings settings,
            IdleConnections connections,
            InstantSource clock) {
        this.name = name;
        this.settings = settings;
        this.connections = connections;
        this.waiters = new Turns<>(lane -> settings.shares().of(lane.stream));
        this.clock = clock;
        this.limit = new ConcurrencyLimit(settings.startConnections(), settings.maxConnections());
        this.health = new Health(settings.downAfter(), settings.probeInterval());
    }

    String name() {
        return name;
    }

    /** The place of a stream's jobs here. */
    Lane lane(Stream stream, Function<Stream, ProcessLoad> loads) {
        return lanes.computeIfAbsent(stream, s -> new Lane(s, loads.apply(s)));
    }

    /**
     * Waits for a slot, if waiting makes sense.
     *
     * @param deadline of {@link System#nanoTime}
     */
    Admission admit(Lane lane, long deadline) throws InterruptedException {
        Waiter waiter;
        lock.lock();
        try {
            if (health.isDown()) {
                return health.takeProbe(clock.instant()) ? admitted(lane, true) : heldBackAsDown();
            }
            if (waiters.waiting(lane) == 0
                    && ((waiters.waiting() == 0 && busy.size() < limit.current())
                            || mayGoBeyondTheLimit(lane))) {
                waiters.passedBy(lane);
                return admitted(lane, false);
            }
            Duration wait = estimate(lane);
            if (wait.compareTo(SHORT_WAIT) > 0
                    && lane.load.wouldCrowdOut(heldOf(lane) + 1, lane.visitors.get())) {
                return heldBackAsSlow(lane, wait);
            }
            waiter = new Waiter(lane, Thread.currentThread(), deadline);
            waiters.add(lane, waiter);
            lane.load.beganToWait();
        } finally {
            lock.unlock();
        }
        return await(waiter);
    }

    private Admission await(Waiter waiter) throws InterruptedException {
        while (waiter.answer == null) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                giveUp(waiter);
                throw new InterruptedException("while waiting for " + name);
            }
        }
        return waiter.answer;
    }

    private void giveUp(Waiter waiter) {
        lock.lock();
        try {
            if (waiters.remove(waiter.lane, waiter)) {
                waiter.lane.load.endedToWait();
            } else if (waiter.answer instanceof Admission.Admitted(Slot slot)) {
                slot.end(Contact.NONE);
            }
        } finally {
            lock.unlock();
        }
    }

    void end(Slot slot, Contact contact) {
        lock.lock();
        try {
            busy.remove(slot);
            slot.lane().busy--;
            boolean wasReached = busy.size() + 1 >= limit.current();
            switch (contact) {
                case MADE -> {
                    health.connected();
                    limit.succeeded(wasReached);
                    backlog.took(System.nanoTime() - slot.beganAt());
                }
                case UNWELCOME -> {
                    health.connected();
                    limit.failed(slot.round());
                    backlog.took(System.nanoTime() - slot.beganAt());
                }
                case FAILED -> {
                    limit.failed(slot.round());
                    health.failed(clock.instant(), slot.isProbe());
                    backlog.took(System.nanoTime() - slot.beganAt());
                }
                case NONE -> {
                    if (slot.isProbe()) {
                        health.probeGivenUp();
                    }
                }
            }
            answerWaiters();
        } finally {
            lock.unlock();
        }
    }

    Optional<SmtpConnection> takeIdle() {
        lock.lock();
        try {
            // The last one used is the least likely to have been closed by the other side.
            SmtpConnection connection = idle.pollLast();
            if (connection != null) {
                connections.changed(-1);
            }
            return Optional.ofNullable(connection);
        } finally {
            lock.unlock();
        }
    }

    void keep(SmtpConnection connection) {
        if (!hasServedEnough(connection)) {
            lock.lock();
            try {
                if (!closed && connections.mayKeepOneMore()) {
                    idle.addLast(connection);
                    connections.changed(1);
                    return;
                }
            } finally {
                lock.unlock();
            }
        }
        connection.quit();
    }

    boolean hasServedEnough(SmtpConnection connection) {
        return connection.mails() >= settings.maxMessagesPerConnection()
                || System.nanoTime() - connection.openedAt()
                        >= settings.maxConnectionAge().toNanos();
    }

    /**
     * Sends back those whose time is over and those who, as it turned out after they came, crowd
     * out others; closes connections that are idle for too long.
     */
    void tidy(long nanoTime) {
        List<SmtpConnection> tired = new ArrayList<>();
        lock.lock();
        try {
            for (Waiter waiter : waiters.removeIf(each -> nanoTime - each.deadline >= 0)) {
                answer(waiter, heldBackAsSlow(waiter.lane, estimate(waiter.lane)));
            }
            waiters.kinds().forEach(this::sendBackThoseWhoCrowdOutOthers);
            while (!idle.isEmpty()
                    && nanoTime - idle.getFirst().lastUsed() >= settings.idleTimeout().toNanos()) {
                tired.add(idle.removeFirst());
                connections.changed(-1);
            }
        } finally {
            lock.unlock();
        }
        tired.forEach(SmtpConnection::quit);
    }

    private void sendBackThoseWhoCrowdOutOthers(Lane lane) {
        while (estimate(lane).compareTo(SHORT_WAIT) > 0
                && lane.load.wouldCrowdOut(heldOf(lane), lane.visitors.get())) {
            Waiter last = waiters.removeLast(lane);
            if (last == null) {
                return;
            }
            answer(last, heldBackAsSlow(lane, estimate(lane)));
        }
    }

    /** Closes the idle connections and sends those who wait back. */
    void close() {
        List<SmtpConnection> all;
        lock.lock();
        try {
            closed = true;
            all = new ArrayList<>(idle);
            connections.changed(-idle.size());
            idle.clear();
            for (Waiter waiter : waiters.removeIf(_ -> true)) {
                answer(waiter, new Admission.HeldBack(Duration.ZERO, "the engine is closed"));
            }
        } finally {
            lock.unlock();
        }
        all.forEach(SmtpConnection::quit);
    }

    /** Whether nothing would be lost with it. */
    boolean isForgettable() {
        lock.lock();
        try {
            return busy.isEmpty() && waiters.waiting() == 0 && idle.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    DestinationSnapshot snapshot() {
        lock.lock();
        try {
            return new DestinationSnapshot(
                    name,
                    limit.current(),
                    busy.size(),
                    idle.size(),
                    waiters.waiting(),
                    health.downSince());
        } finally {
            lock.unlock();
        }
    }

    private void answerWaiters() {
        if (health.isDown()) {
            waiters.removeIf(_ -> true).forEach(each -> answer(each, heldBackAsDown()));
            return;
        }
        Optional<Waiter> next = nextWhoMay();
        while (next.isPresent()) {
            answer(next.get(), admitted(next.get().lane, false));
            next = nextWhoMay();
        }
    }

    private Optional<Waiter> nextWhoMay() {
        return waiters.next(busy.size() < limit.current() ? _ -> true : this::mayGoBeyondTheLimit);
    }

    private boolean mayGoBeyondTheLimit(Lane lane) {
        return lane.busy == 0 && !busy.isEmpty() && busy.size() < settings.maxConnections();
    }

    private void answer(Waiter waiter, Admission answer) {
        waiter.lane.load.endedToWait();
        waiter.answer = answer;
        LockSupport.unpark(waiter.thread);
    }

    private Admission admitted(Lane lane, boolean probe) {
        lane.busy++;
        Slot slot = new Slot(this, lane, probe, limit.round(), System.nanoTime());
        busy.add(slot);
        return new Admission.Admitted(slot);
    }

    private Admission heldBackAsDown() {
        Instant now = clock.instant();
        Duration untilProbe = health.untilProbe(now);
        return new Admission.HeldBack(
                untilProbe.isZero() ? settings.probeInterval() : untilProbe,
                name
                        + " has been down since "
                        + health.downSince().map(Instant::toString).orElse("now"));
    }

    private Admission heldBackAsSlow(Lane lane, Duration wait) {
        Duration retryAfter =
                backlog.sendAway(lane.stream, clock.instant(), wait, limitOf(lane), oldestNanos());
        return new Admission.HeldBack(
                retryAfter, name + " takes no more at once than it has: others wait before");
    }

    private Duration estimate(Lane lane) {
        return backlog.estimate(waiters.waiting(lane), limitOf(lane), oldestNanos());
    }

    /** The stream's part of the attempts at once, while others wait as they do now. */
    private double limitOf(Lane lane) {
        return limit.current() * waiters.part(lane);
    }

    private int heldOf(Lane lane) {
        return lane.busy + waiters.waiting(lane);
    }

    private long oldestNanos() {
        return busy.isEmpty() ? 0 : System.nanoTime() - busy.iterator().next().beganAt();
    }

    private static final class Waiter {
        private final Lane lane;
        private final Thread thread;
        private final long deadline;
        private volatile @Nullable Admission answer;

        Waiter(Lane lane, Thread thread, long deadline) {
            this.lane = lane;
            this.thread = thread;
            this.deadline = deadline;
        }
    }
}
