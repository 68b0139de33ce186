package posthaste.service.monitoring;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import posthaste.mail.record.Topics;
import posthaste.queue.MailQueue;
import posthaste.queue.QueueUnavailableException;

/**
 * Whether the broker answers. Asked at most every few seconds, however often probes come: they must
 * not add up on a broker that is in trouble.
 */
public final class BrokerHealth extends AbstractHealthIndicator {
    private static final Duration COUNTS_FOR = Duration.ofSeconds(5);

    private final MailQueue queue;
    private final ReentrantLock asking = new ReentrantLock();
    private Optional<Health> answer = Optional.empty();
    private long answeredAt;

    public BrokerHealth(MailQueue queue) {
        super("the broker does not answer");
        this.queue = queue;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws InterruptedException {
        asking.lockInterruptibly();
        try {
            Health health = answer.filter(_ -> isFresh()).orElse(null);
            if (health == null) {
                health = ask();
                answer = Optional.of(health);
                answeredAt = System.nanoTime();
            }
            builder.status(health.getStatus()).withDetails(health.getDetails());
        } finally {
            asking.unlock();
        }
    }

    private Health ask() throws InterruptedException {
        try {
            queue.scanner().ends(Topics.EVENTS);
            return Health.up().build();
        } catch (QueueUnavailableException e) {
            return Health.down().withDetail("reason", String.valueOf(e.getMessage())).build();
        }
    }

    private boolean isFresh() {
        return System.nanoTime() - answeredAt < COUNTS_FOR.toNanos();
    }
}
