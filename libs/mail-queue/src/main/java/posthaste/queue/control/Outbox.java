package posthaste.queue.control;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;

/**
 * Facts that wait to be written: the newest of each key, at most so many. Its monitor guards it; a
 * writer waits in it.
 */
public final class Outbox {
    /** What one process keeps while the broker is away; some megabytes at the worst. */
    public static final int CAPACITY = 10_000;

    private record Name(String kind, String key) {
        static Name of(Fact fact) {
            return new Name(fact.kind(), fact.key());
        }
    }

    private final SequencedMap<Name, Fact> waiting = new LinkedHashMap<>();
    private final int capacity;
    private final InstantSource clock;
    private final Runnable dropped;

    /**
     * Begins empty.
     *
     * @param dropped told of each fact that goes unwritten
     */
    public Outbox(int capacity, InstantSource clock, Runnable dropped) {
        this.capacity = capacity;
        this.clock = clock;
        this.dropped = dropped;
    }

    /** Puts a fact in the place of an older one of its key, or last. */
    public synchronized void put(Fact fact) {
        waiting.put(Name.of(fact), fact);
        if (waiting.size() > capacity) {
            waiting.pollFirstEntry();
            dropped.run();
        }
        notifyAll();
    }

    /** Puts back what could not be written, unless something newer of its key has come. */
    public synchronized void putBack(List<Fact> unwritten) {
        for (Fact fact : unwritten.reversed()) {
            if (!waiting.containsKey(Name.of(fact))) {
                if (waiting.size() >= capacity) {
                    dropped.run();
                } else {
                    waiting.putFirst(Name.of(fact), fact);
                }
            }
        }
    }

    /** Waits until there is something, and takes the oldest that still hold, at most so many. */
    public synchronized List<Fact> take(int atMost, Duration wait) throws InterruptedException {
        long until = System.nanoTime() + wait.toNanos();
        while (waiting.isEmpty()) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return List.of();
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        List<Fact> taken = new ArrayList<>();
        Iterator<Fact> facts = waiting.sequencedValues().iterator();
        while (facts.hasNext() && taken.size() < atMost) {
            Fact fact = facts.next();
            facts.remove();
            if (fact.holdsAt(clock.instant())) {
                taken.add(fact);
            } else {
                dropped.run();
            }
        }
        return taken;
    }

    public synchronized int size() {
        return waiting.size();
    }
}
