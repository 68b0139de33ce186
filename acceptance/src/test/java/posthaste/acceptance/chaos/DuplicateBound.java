package posthaste.acceptance.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import posthaste.acceptance.chaos.SinkRecord.Arrival;
import posthaste.acceptance.chaos.SinkRecord.Refusal;
import posthaste.acceptance.chaos.SinkRecord.Report;
import posthaste.acceptance.chaos.Strike.Edge;

/**
 * How many repeats the faults of a run may cost, from the sink's record alone: for each {@link
 * Edge} the recipients that it answered in the last commit interval and 50 ms, and the sessions
 * that were open.
 */
final class DuplicateBound {
    /** What the way from the sink's answer to the commit may take beside the interval. */
    private static final Duration ON_THE_WAY = Duration.ofMillis(50);

    /**
     * Writes that the broker acknowledges between the two: what the answer led to, and the commit.
     * Each takes what a client waits for its {@code 250}, if the machine is so slow.
     */
    private static final int WRITES = 2;

    /** What somebody had in hand who was cut off, he begins soon, or hears that it is another's. */
    private static final long AWAKE = TimeUnit.SECONDS.toNanos(2);

    private final SinkRecord.Contents sink;
    private final List<Edge> edges;
    private final long commitInterval;

    DuplicateBound(SinkRecord.Contents sink, List<Edge> edges, Duration commitInterval) {
        this.sink = sink;
        this.edges = List.copyOf(edges);
        this.commitInterval = commitInterval.toNanos();
    }

    long total() {
        return edges.stream().mapToLong(edge -> answered(edge) + open(edge)).sum();
    }

    /** Recipients answered shortly before: taken, deferred, refused, or told of a failure. */
    private long answered(Edge edge) {
        return sink.arrivals().stream()
                        .filter(arrival -> arrival.taken() && isIn(edge, arrival.at()))
                        .mapToLong(arrival -> arrival.recipients().size())
                        .sum()
                + sink.refusals().stream().map(Refusal::at).filter(at -> isIn(edge, at)).count()
                + sink.reports().stream().map(Report::at).filter(at -> isIn(edge, at)).count();
    }

    /** A session may be between two mails, or carry several recipients. */
    private static int open(Edge edge) {
        return Math.max(edge.sessions(), edge.recipients());
    }

    /**
     * The edge at which one of two messages was under way, or the answer to the first was not
     * committed.
     */
    Optional<Edge> repeating(Arrival first, Arrival second) {
        return edges.stream()
                .filter(edge ->
                        second.at() >= edge.from()
                                && (isOpen(first, edge) || second.begun() <= inHand(edge)))
                .findFirst();
    }

    /** Under way at the edge, or answered and not committed. */
    private boolean isOpen(Arrival arrival, Edge edge) {
        return arrival.at() >= begin(edge) && arrival.begun() <= edge.to();
    }

    /** The return of somebody, at which work changed hands. */
    Optional<Edge> handingOver(long second) {
        return edges.stream()
                .filter(edge -> edge.waking() && second >= edge.from() && second <= inHand(edge))
                .findFirst();
    }

    /** Until when a transaction may begin that was in hand at the edge. */
    private static long inHand(Edge edge) {
        return edge.waking() ? edge.to() + AWAKE + WRITES * edge.pace() : edge.from();
    }

    /** The edge at which the outcome of this time was not committed. */
    Optional<Edge> undoing(long outcome, long patience) {
        return edges.stream()
                .filter(edge -> outcome >= begin(edge) - patience && outcome <= edge.to())
                .findFirst();
    }

    /** What was answered since then may not have been committed at the edge. */
    private long begin(Edge edge) {
        long onTheWay = Math.max(ON_THE_WAY.toNanos(), WRITES * edge.pace());
        return edge.from() - commitInterval - onTheWay;
    }

    /** What comes back may take long to do so; what is at stake is what a moment holds. */
    private boolean isIn(Edge edge, long at) {
        return at >= begin(edge) && at <= (edge.waking() ? edge.from() : edge.to());
    }
}
