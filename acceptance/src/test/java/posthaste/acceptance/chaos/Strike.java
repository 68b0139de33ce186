package posthaste.acceptance.chaos;

import java.util.ArrayList;
import java.util.List;

/** One time that a fault struck: what was done when, and how much was under way at the sink. */
final class Strike {
    /**
     * A moment at which something changed from one state to another: a process died, was stopped,
     * went on, lost its network. What was under way then may be repeated.
     *
     * @param from the last time at which it had not happened
     * @param to the first time at which it had
     * @param sessions open at the sink at {@code from}
     * @param recipients of transactions open at the sink at {@code from}
     * @param hiccup how late the machine woke a thread in the second before, at worst
     */
    record Edge(String what, long from, long to, int sessions, int recipients, long hiccup) {}

    private final String fault;
    private final String moment;
    private final RecordingSink sink;
    private final Hiccups hiccups;
    private final Journal journal;
    private final List<Edge> edges = new ArrayList<>();
    private long mended;

    Strike(String fault, String moment, RecordingSink sink, Hiccups hiccups, Journal journal) {
        this.fault = fault;
        this.moment = moment;
        this.sink = sink;
        this.hiccups = hiccups;
        this.journal = journal;
    }

    /** What changes something. */
    interface Change {
        void make() throws Exception;
    }

    /** Does it, and notes when. */
    void edge(String what, Change change) throws Exception {
        long hiccup = hiccups.longest();
        int sessions = sink.openSessions();
        int recipients = sink.openRecipients();
        long from = sink.clock().now();
        change.make();
        Edge edge = new Edge(what, from, sink.clock().now(), sessions, recipients, hiccup);
        edges.add(edge);
        journal.note(
                "edge", edge.from(), edge.to(), sessions, recipients, hiccup, fault, moment, what);
    }

    /** All its parts are there again. */
    void mended() {
        mended = sink.clock().now();
        journal.note("mended", mended, fault);
    }

    String fault() {
        return fault;
    }

    String moment() {
        return moment;
    }

    List<Edge> edges() {
        return List.copyOf(edges);
    }

    long mendedAt() {
        return mended;
    }
}
