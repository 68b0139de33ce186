package posthaste.outbound.destination;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections the process keeps open for later: mail for a thousand domains a second would
 * else keep thousands, of which none is used again.
 */
final class IdleConnections {
    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    IdleConnections(int most) {
        this.most = most;
    }

    boolean mayKeepOneMore() {
        return open.get() < most;
    }

    void changed(int by) {
        open.addAndGet(by);
    }
}
