package posthaste.acceptance.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
     * @param pace the longest that a client waited for its {@code 250} in the seconds before
     * @param waking whether something comes back among others: it may have work in hand that is no
     *     longer its own, and until {@code to} work changes hands
     */
    record Edge(
            String what,
            long from,
            long to,
            int sessions,
            int recipients,
            long pace,
            boolean waking) {}

    private static final long LOOKED_BACK = TimeUnit.SECONDS.toNanos(3);

    private final String fault;
    private final String moment;
    private final RecordingSink sink;
    private final ClientLedger ledger;
    private final Journal journal;
    private final List<Edge> edges = new ArrayList<>();
    private long begun = -1;
    private long mended;

    Strike(String fault, String moment, RecordingSink sink, ClientLedger ledger, Journal journal) {
        this.fault = fault;
        this.moment = moment;
        this.sink = sink;
        this.ledger = ledger;
        this.journal = journal;
    }

    /** What changes something. */
    interface Change {
        void make() throws Exception;
    }

    /**
     * Does something that takes a service away without breaking anything off: no mail may be
     * repeated for it.
     */
    void outage(String what, Change change) throws Exception {
        begins();
        journal.note("outage", sink.clock().now(), fault, moment, what);
        change.make();
    }

    /** Does something that may break off what is under way, and notes when. */
    void edge(String what, Change change) throws Exception {
        edge(what, change, false);
    }

    /** Lets something come back among others. */
    void waking(String what, Change change) throws Exception {
        edge(what, change, true);
    }

    private void edge(String what, Change change, boolean waking) throws Exception {
        begins();
        int sessions = sink.openSessions();
        int recipients = sink.openRecipients();
        long from = sink.clock().now();
        long pace = ledger.slowest(from - LOOKED_BACK, from);
        change.make();
        Edge edge = new Edge(what, from, sink.clock().now(), sessions, recipients, pace, waking);
        edges.add(edge);
        journal.note(
                "edge", edge.from(), edge.to(), sessions, recipients, pace, fault, moment, what);
    }

    private void begins() {
        if (begun < 0) {
            begun = sink.clock().now();
        }
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

    long begunAt() {
        return begun;
    }

    long mendedAt() {
        return mended;
    }
}
