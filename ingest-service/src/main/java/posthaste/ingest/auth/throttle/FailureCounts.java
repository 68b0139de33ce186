package posthaste.ingest.auth.throttle;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Failures by subject and instance, forgotten a while after the last. A pure state machine,
 * bounded: of too many subjects the one that failed longest ago is forgotten. Not safe for threads.
 */
final class FailureCounts {
    /** Of one instance. */
    record Count(int failures, Instant last) {
        /** Whether it was counted after another count of the same instance. */
        boolean isAfter(Count other) {
            return last.equals(other.last) ? failures > other.failures : last.isAfter(other.last);
        }
    }

    private static final int MOST_INSTANCES = 64;

    private final Duration memory;
    private final int capacity;
    private final LinkedHashMap<String, Map<String, Count>> subjects =
            new LinkedHashMap<>(16, 0.75f, true);

    FailureCounts(Duration memory, int capacity) {
        this.memory = memory;
        this.capacity = capacity;
    }

    /** One more, in the precision in which others are told of it; returns what that makes. */
    Count failed(String subject, String instance, Instant now) {
        Count before = counts(subject).get(instance);
        Count count =
                new Count(
                        before == null || isForgotten(before, now) ? 1 : before.failures() + 1,
                        now.truncatedTo(ChronoUnit.MILLIS));
        put(subject, instance, count);
        return count;
    }

    /** What an instance tells of itself; older than what is known of it, it says nothing. */
    void told(String subject, String instance, Count count) {
        Count known = counts(subject).get(instance);
        if (known == null || count.isAfter(known)) {
            put(subject, instance, count);
        }
    }

    /** Of all instances, not forgotten. */
    int failures(String subject, Instant now) {
        Map<String, Count> counts = subjects.get(subject);
        if (counts == null) {
            return 0;
        }
        counts.values().removeIf(count -> isForgotten(count, now));
        if (counts.isEmpty()) {
            subjects.remove(subject);
        }
        long sum = counts.values().stream().mapToLong(Count::failures).sum();
        return (int) Math.min(sum, Integer.MAX_VALUE);
    }

    int size() {
        return subjects.size();
    }

    private Map<String, Count> counts(String subject) {
        return subjects.getOrDefault(subject, Map.of());
    }

    private void put(String subject, String instance, Count count) {
        Map<String, Count> counts = subjects.computeIfAbsent(subject, _ -> new LinkedHashMap<>(2));
        if (counts.size() < MOST_INSTANCES || counts.containsKey(instance)) {
            counts.put(instance, count);
        }
        if (subjects.size() > capacity) {
            subjects.pollFirstEntry();
        }
    }

    private boolean isForgotten(Count count, Instant now) {
        return !now.isBefore(count.last().plus(memory));
    }
}
