package posthaste.ingest.smtp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** How many sessions there are, and how they end. */
public final class SessionMetrics {
    /** How a session ended. */
    enum End {
        /** The client said QUIT or closed. */
        CLOSED,
        /** Too many sessions, of all or of one address. */
        TOO_MANY,
        /** The client kept us waiting. */
        TIMED_OUT,
        /** There was no agreement on TLS. */
        TLS_FAILED,
        /** The client made too many errors, or did what no SMTP client does. */
        DISMISSED,
        /** We are shutting down. */
        SHUT_DOWN,
        /** An error of ours. */
        FAILED
    }

    private final AtomicInteger open = new AtomicInteger();
    private final Map<End, Counter> ended = new EnumMap<>(End.class);
    private final Counter refusedForNow;
    private final Counter refused;

    public SessionMetrics(MeterRegistry registry) {
        Gauge.builder("posthaste.ingest.sessions.open", open, AtomicInteger::get)
                .description("Sessions open now")
                .register(registry);
        for (End end : End.values()) {
            ended.put(
                    end,
                    Counter.builder("posthaste.ingest.sessions")
                            .description("Sessions that have ended, by how")
                            .tag("end", end.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .register(registry));
        }
        refusedForNow = refusals(registry, "4xx");
        refused = refusals(registry, "5xx");
    }

    void began() {
        open.incrementAndGet();
    }

    void ended(End how) {
        open.decrementAndGet();
        Objects.requireNonNull(ended.get(how)).increment();
    }

    /** A reply goes out. */
    void replied(String reply) {
        if (reply.startsWith("4")) {
            refusedForNow.increment();
        } else if (reply.startsWith("5")) {
            refused.increment();
        }
    }

    private static Counter refusals(MeterRegistry registry, String codes) {
        return Counter.builder("posthaste.ingest.refusals")
                .description("Replies that refused something, by their class")
                .tag("codes", codes)
                .register(registry);
    }
}
