package posthaste.service.lifecycle;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process of a loop that died: a process that reads no more but keeps its partitions is
 * worse than none (DESIGN 6). Whoever supervises the process starts it anew.
 */
public final class FatalExit {
    /** Above every drain budget, so that an orderly stop is not cut short by this. */
    private static final Duration ORDERLY = Duration.ofMinutes(2);

    private static final int STATUS = 1;
    private static final Logger LOG = LoggerFactory.getLogger(FatalExit.class);

    private volatile boolean underWay;

    /** Returns at once; the process ends in an orderly way, or within two minutes by force. */
    public void because(String what, Throwable cause) {
        underWay = true;
        LOG.error("{}; this process ends, so that another takes over its work", what, cause);
        Thread.ofPlatform()
                .name("fatal-exit")
                .daemon()
                .start(() -> Runtime.getRuntime().exit(STATUS));
        Thread.ofPlatform()
                .name("fatal-halt")
                .daemon()
                .start(() -> {
                    try {
                        Thread.sleep(ORDERLY);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    Runtime.getRuntime().halt(STATUS);
                });
    }

    /** Whether the process ends because something of it died, and not because it was asked to. */
    public boolean isUnderWay() {
        return underWay;
    }
}
