package posthaste.service.lifecycle;

/**
 * The order in which the parts of a process start; they stop in reverse. Integration flows have
 * phase 0, which Spring Integration decides: whatever sends records into one starts after it, and
 * stops before it, or what is in flight at a stop finds its flow taken apart.
 */
public final class Phases {
    /** A broker or database inside this process. */
    public static final int EMBEDDED = -3000;

    /** Topics are made and their settings verified. */
    public static final int QUEUE = -2000;

    /** What every process is to know is read before anyone asks for it. */
    public static final int FACTS = -1000;

    /** Loops that read our queue: what comes in must find someone who takes it on. */
    public static final int CONSUMERS = 1000;

    /** What lets mail in: last to start, first to stop. */
    public static final int LISTENERS = 2000;

    private Phases() {}
}
