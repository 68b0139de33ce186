package posthaste.queue.control;

/** Is told of the facts of a kind. */
@FunctionalInterface
public interface FactListener {

    /**
     * Takes note of a fact that holds, be it another's or our own. Facts of one key come in the
     * order in which they were written, and may come again. Called by one thread, which all kinds
     * share: to be quick, and to block on nothing.
     */
    void told(Fact fact);
}
