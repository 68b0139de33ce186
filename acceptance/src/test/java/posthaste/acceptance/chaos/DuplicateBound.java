package posthaste.acceptance.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
     * Times that one thread hands over to another between the two (reader, producer, broker's
     * network and log, loop, commit): each may be as late as the machine is just then.
     */
    private static final int HAND_OVERS = 6;

    private final SinkRecord.Contents sink;
    private final List<Edge> edges;
    private final long window;

    DuplicateBound(SinkRecord.Contents sink, List<Edge> edges, Duration commitInterval) {
        this.sink = sink;
        this.edges = List.copyOf(edges);
        this.window = commitInterval.plus(ON_THE_WAY).toNanos();
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

    /** The edge at which a message was under way, or its answer not committed. */
    Optional<Edge> repeating(Arrival first, long second) {
        return edges.stream()
                .filter(edge ->
                        first.at() >= begin(edge)
                                && first.begun() <= edge.to()
                                && second >= edge.from())
                .findFirst();
    }

    /** The edge at which the outcome of this time was not committed. */
    Optional<Edge> undoing(long outcome, long patience) {
        return edges.stream()
                .filter(edge -> outcome >= begin(edge) - patience && outcome <= edge.to())
                .findFirst();
    }

    /** What was answered since then may not have been committed at the edge. */
    private long begin(Edge edge) {
        return edge.from() - window - HAND_OVERS * edge.hiccup();
    }

    private boolean isIn(Edge edge, long at) {
        return at >= begin(edge) && at <= edge.to();
    }
}
