package posthaste.queue.control;

/** What is counted of facts. Any thread may ask. */
public interface FactStatistics {

    /** Counter: facts of ours that the topic has. */
    long written();

    /** Counter: facts of ours that never came into the topic, dropped or expired. */
    long dropped();

    /** Counter: facts told to a listener of this process. */
    long told();

    /** Counter: records that are no facts, or of a newer version, and told to nobody. */
    long unreadable();

    /** Counter: facts that their listener failed on. */
    long failed();

    /** Gauge: facts of ours that wait to be written. */
    int waiting();

    /** Gauge: whether all that stood in the topic at the start has been told. */
    boolean isWhole();
}
