package posthaste.ingest.auth.throttle;

import java.net.InetAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import posthaste.queue.control.Fact;
import posthaste.queue.control.SharedFacts;

/**
 * Who has failed too often to be heard. Failures are counted here and told to all instances
 * (docs/decisions/0020); each sums up what it knows of all of them.
 *
 * <p>A user who is under attack can still log in from where he did before: failures of strangers
 * block strangers alone.
 */
public final class FailureThrottle {
    /** Subjects in memory, some 300 octets each; the facts of other instances are among them. */
    static final int CAPACITY = 100_000;

    private static final String FAILURE = "login-failures";
    private static final String FAMILIAR = "login-familiar";
    private static final char SEPARATOR = ' ';

    /** How often a familiar address is told of again, of the time that it stays familiar. */
    private static final int RETELL = 4;

    private final ThrottleSettings settings;
    private final String instance;
    private final SharedFacts facts;
    private final InstantSource clock;
    private final FailureCounts counts;
    private final Map<String, Instant> familiarUntil = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Listens to the other instances.
     *
     * @param facts not yet read
     */
    public FailureThrottle(
            ThrottleSettings settings, String instance, SharedFacts facts, InstantSource clock) {
        this.settings = settings;
        this.instance = instance;
        this.facts = facts;
        this.clock = clock;
        this.counts = new FailureCounts(settings.memory(), CAPACITY);
        facts.listen(FAILURE, this::failureTold);
        facts.listen(FAMILIAR, this::familiarTold);
    }

    /** Whether an address has failed too often, whoever it says that it is. */
    public synchronized boolean isBlocked(InetAddress address) {
        return counts.failures(Subject.address(address), clock.instant())
                >= settings.addressFailures();
    }

    /** Whether a user is not heard from an address. */
    public synchronized boolean isBlocked(String user, InetAddress address) {
        return isBlocked(address)
                || counts.failures(counted(user, address), clock.instant())
                        >= settings.userFailures();
    }

    /** A login has failed. */
    public void failed(String user, InetAddress address) {
        count(Subject.address(address));
        String counted;
        synchronized (this) {
            counted = counted(user, address);
        }
        count(counted);
    }

    /** A login has succeeded: the address is familiar for a while. */
    public void succeeded(String user, InetAddress address) {
        String pair = Subject.pair(user, address);
        Instant now = clock.instant();
        Instant until = now.plus(settings.familiar());
        synchronized (this) {
            Instant known = familiarUntil.get(pair);
            Duration stale = settings.familiar().dividedBy(RETELL);
            if (known != null && known.isAfter(until.minus(stale))) {
                return;
            }
            remember(pair, until);
        }
        facts.tell(new Fact(FAMILIAR, pair, new byte[0], until));
    }

    /** Users and addresses that are remembered for failures. */
    public synchronized int remembered() {
        return counts.size();
    }

    private String counted(String user, InetAddress address) {
        String pair = Subject.pair(user, address);
        Instant until = familiarUntil.get(pair);
        return until != null && clock.instant().isBefore(until) ? pair : Subject.user(user);
    }

    private void count(String subject) {
        FailureCounts.Count count;
        synchronized (this) {
            count = counts.failed(subject, instance, clock.instant());
        }
        facts.tell(
                new Fact(
                        FAILURE,
                        subject + SEPARATOR + instance,
                        ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                                .putInt(count.failures())
                                .putLong(count.last().toEpochMilli())
                                .array(),
                        count.last().plus(settings.memory())));
    }

    private void failureTold(Fact fact) {
        int separator = fact.key().indexOf(SEPARATOR);
        if (separator < 0) {
            return;
        }
        try {
            ByteBuffer content = ByteBuffer.wrap(fact.content());
            FailureCounts.Count count =
                    new FailureCounts.Count(
                            Math.max(0, content.getInt()), Instant.ofEpochMilli(content.getLong()));
            synchronized (this) {
                counts.told(
                        fact.key().substring(0, separator),
                        fact.key().substring(separator + 1),
                        count);
            }
        } catch (BufferUnderflowException _) {
            // Of a version that says it another way: it counts nothing here.
            return;
        }
    }

    private synchronized void familiarTold(Fact fact) {
        remember(fact.key(), fact.expires());
    }

    /** The caller has the monitor. */
    private void remember(String pair, Instant until) {
        familiarUntil.put(pair, until);
        if (familiarUntil.size() > CAPACITY) {
            familiarUntil.remove(familiarUntil.keySet().iterator().next());
        }
    }
}
