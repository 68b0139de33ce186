package posthaste.outbound.destination;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for one thing, each in the line of its kind: within a line first come, first
 * served; among lines by their shares (start-time fair queueing). A line that was empty does not
 * save up turns, and need not wait for those that others have had: whoever comes to it is next, or
 * next but those of lines with greater shares.
 *
 * @param <K> what lines are told apart by
 * @param <W> who waits
 */
final class Turns<K, W> {
    private final ToIntFunction<K> shares;
    private final Map<K, Line<W>> lines = new HashMap<>();

    /** When the last turn began, in turns of a line whose share is 1. */
    private double now;

    private int waiting;

    Turns(ToIntFunction<K> shares) {
        this.shares = shares;
    }

    void add(K kind, W waiter) {
        Line<W> line = lines.computeIfAbsent(kind, k -> new Line<>(shares.applyAsInt(k)));
        if (line.waiters.isEmpty()) {
            line.nextTurn = Math.max(line.nextTurn, now);
        }
        line.waiters.addLast(waiter);
        waiting++;
    }

    /** Whose turn it is, among those of kinds that {@code may} have it; takes it out. */
    Optional<W> next(Predicate<K> may) {
        Optional<Line<W>> line =
                lines.entrySet().stream()
                        .filter(each -> !each.getValue().waiters.isEmpty())
                        .filter(each -> may.test(each.getKey()))
                        .map(Map.Entry::getValue)
                        .min(
                                Comparator.<Line<W>>comparingDouble(each -> each.nextTurn)
                                        .thenComparingInt(each -> -each.share));
        return line.map(chosen -> {
            now = Math.max(now, chosen.nextTurn);
            chosen.nextTurn += 1.0 / chosen.share;
            waiting--;
            return chosen.waiters.removeFirst();
        });
    }

    /** A turn of this kind was had without waiting. */
    void passedBy(K kind) {
        Line<W> line = lines.get(kind);
        if (line != null) {
            now = Math.max(now, line.nextTurn);
            line.nextTurn = now + 1.0 / line.share;
        }
    }

    /** The last of a line leaves, if there is one. */
    @Nullable W removeLast(K kind) {
        Line<W> line = lines.get(kind);
        W last = line == null ? null : line.waiters.pollLast();
        waiting -= last == null ? 0 : 1;
        return last;
    }

    boolean remove(K kind, W waiter) {
        Line<W> line = lines.get(kind);
        boolean removed = line != null && line.waiters.remove(waiter);
        waiting -= removed ? 1 : 0;
        return removed;
    }

    /** Those for whom {@code leaves} holds are taken out. */
    List<W> removeIf(Predicate<W> leaves) {
        List<W> removed = new ArrayList<>();
        for (Line<W> line : lines.values()) {
            line.waiters.removeIf(waiter -> leaves.test(waiter) && removed.add(waiter));
        }
        waiting -= removed.size();
        return removed;
    }

    /** How many wait in a line. */
    int waiting(K kind) {
        Line<W> line = lines.get(kind);
        return line == null ? 0 : line.waiters.size();
    }

    /** How many wait in all lines. */
    int waiting() {
        return waiting;
    }

    /** Kinds of which somebody waits. */
    Collection<K> kinds() {
        return lines.entrySet().stream()
                .filter(each -> !each.getValue().waiters.isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * The part of all turns, above 0 and at most 1, that a kind has while it and those who wait now
     * want them.
     */
    double part(K kind) {
        int all = shares.applyAsInt(kind);
        for (K other : kinds()) {
            all += other.equals(kind) ? 0 : shares.applyAsInt(other);
        }
        return (double) shares.applyAsInt(kind) / all;
    }

    private static final class Line<W> {
        private final int share;
        private final Deque<W> waiters = new ArrayDeque<>();
        private double nextTurn;

        Line(int share) {
            this.share = share;
        }
    }
}
