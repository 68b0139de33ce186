package posthaste.outbound.destination;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import posthaste.outbound.smtp.SmtpConnection;

/**
 * One route's ready queue: slots for as many attempts as the destination bears, the jobs that wait
 * for one, first come, first served, and its idle connections.
 */
final class Destination {
    /**
     * A wait that hurts nobody: a destination that moves this fast is not slow, whatever it holds.
     */
    private static final Duration SHORT_WAIT = Duration.ofSeconds(1);

    private final String name;
    private final DestinationSettings settings;
    private final ProcessLoad load;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final ConcurrencyLimit limit;
    private final Health health;
    private final Backlog backlog = new Backlog();
    private final Set<Slot> busy = new LinkedHashSet<>();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private final Deque<SmtpConnection> idle = new ArrayDeque<>();
    private boolean closed;

    /**
     * Jobs that are in here or on their way in or out; kept by {@link Destinations}. At no time
     * fewer than the process load counts of them.
     */
    final AtomicInteger visitors = new AtomicInteger();

    /** Of {@link System#nanoTime}; kept by {@link Destinations}. */
    long lastVisit;

    Destination(String name, DestinationSettings settings, ProcessLoad load, InstantSource clock) {
        this.name = name;
        this.settings = settings;
        this.load = load;
        this.clock = clock;
        this.limit = new ConcurrencyLimit(settings.startConnections(), settings.maxConnections());
        this.health = new Health(settings.downAfter(), settings.probeInterval());
    }

    String name() {
        return name;
    }

    /**
     * Waits for a slot, if waiting makes sense.
     *
     * @param deadline of {@link System#nanoTime}
     */
    Admission admit(long deadline) throws InterruptedException {
        Waiter waiter;
        lock.lock();
        try {
            if (health.isDown()) {
                return health.takeProbe(clock.instant()) ? admitted(true) : heldBackAsDown();
            }
            if (waiters.isEmpty() && busy.size() < limit.current()) {
                return admitted(false);
            }
            Duration wait = estimate();
            if (wait.compareTo(SHORT_WAIT) > 0
                    && load.wouldCrowdOut(busy.size() + waiters.size() + 1, visitors.get())) {
                return heldBackAsSlow(wait);
            }
            waiter = new Waiter(Thread.currentThread(), deadline);
            waiters.addLast(waiter);
            load.beganToWait();
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
            if (waiters.remove(waiter)) {
                load.endedToWait();
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
                load.idleChanged(-1);
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
                if (!closed && load.mayKeepIdle()) {
                    idle.addLast(connection);
                    load.idleChanged(1);
                    return;
                }
            } finally {
                lock.unlock();
            }
        }
        connection.quit();
    }

    private boolean hasServedEnough(SmtpConnection connection) {
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
            for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
                Waiter waiter = all.next();
                if (nanoTime - waiter.deadline >= 0) {
                    all.remove();
                    answer(waiter, heldBackAsSlow(estimate()));
                }
            }
            while (!waiters.isEmpty()
                    && estimate().compareTo(SHORT_WAIT) > 0
                    && load.wouldCrowdOut(busy.size() + waiters.size(), visitors.get())) {
                answer(waiters.removeLast(), heldBackAsSlow(estimate()));
            }
            while (!idle.isEmpty()
                    && nanoTime - idle.getFirst().lastUsed() >= settings.idleTimeout().toNanos()) {
                tired.add(idle.removeFirst());
                load.idleChanged(-1);
            }
        } finally {
            lock.unlock();
        }
        tired.forEach(SmtpConnection::quit);
    }

    /** Closes the idle connections and sends those who wait back. */
    void close() {
        List<SmtpConnection> all;
        lock.lock();
        try {
            closed = true;
            all = new ArrayList<>(idle);
            load.idleChanged(-idle.size());
            idle.clear();
            while (!waiters.isEmpty()) {
                answer(
                        waiters.removeFirst(),
                        new Admission.HeldBack(Duration.ZERO, "the engine is closed"));
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
            return busy.isEmpty() && waiters.isEmpty() && idle.isEmpty();
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
                    waiters.size(),
                    health.downSince());
        } finally {
            lock.unlock();
        }
    }

    private void answerWaiters() {
        while (!waiters.isEmpty() && (health.isDown() || busy.size() < limit.current())) {
            Waiter next = waiters.removeFirst();
            answer(next, health.isDown() ? heldBackAsDown() : admitted(false));
        }
    }

    private void answer(Waiter waiter, Admission answer) {
        load.endedToWait();
        waiter.answer = answer;
        LockSupport.unpark(waiter.thread);
    }

    private Admission admitted(boolean probe) {
        Slot slot = new Slot(this, probe, limit.round(), System.nanoTime());
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

    private Admission heldBackAsSlow(Duration wait) {
        Duration retryAfter =
                backlog.sendAway(clock.instant(), wait, limit.current(), oldestNanos());
        return new Admission.HeldBack(
                retryAfter, name + " takes no more at once than it has: others wait before");
    }

    private Duration estimate() {
        return backlog.estimate(waiters.size(), limit.current(), oldestNanos());
    }

    private long oldestNanos() {
        return busy.isEmpty() ? 0 : System.nanoTime() - busy.iterator().next().beganAt();
    }

    private static final class Waiter {
        private final Thread thread;
        private final long deadline;
        private volatile @Nullable Admission answer;

        Waiter(Thread thread, long deadline) {
            this.thread = thread;
            this.deadline = deadline;
        }
    }
}
