package posthaste.acceptance.chaos;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * How late this machine wakes a thread that wants to run: with more to do than processors, every
 * step of a mail's way takes longer by as much.
 */
final class Hiccups implements AutoCloseable {
    private static final long NAP_MILLIS = 5;
    private static final long LOOKED_BACK = TimeUnit.SECONDS.toNanos(1);

    private record Delay(long at, long nanos) {}

    private final Deque<Delay> delays = new ArrayDeque<>();
    private final Thread napping;

    private Hiccups() {
        napping = Thread.ofPlatform().daemon().name("hiccups").unstarted(this::nap);
    }

    static Hiccups measured() {
        Hiccups hiccups = new Hiccups();
        hiccups.napping.start();
        return hiccups;
    }

    /** The longest of the last second. */
    synchronized long longest() {
        forget(System.nanoTime());
        return delays.stream().mapToLong(Delay::nanos).max().orElse(0);
    }

    private void nap() {
        try {
            while (true) {
                long begin = System.nanoTime();
                TimeUnit.MILLISECONDS.sleep(NAP_MILLIS);
                note(System.nanoTime(), begin);
            }
        } catch (InterruptedException _) {
            // The run is over.
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void note(long now, long begin) {
        delays.add(new Delay(now, now - begin - TimeUnit.MILLISECONDS.toNanos(NAP_MILLIS)));
        forget(now);
    }

    private void forget(long now) {
        while (!delays.isEmpty() && delays.peek().at() < now - LOOKED_BACK) {
            delays.remove();
        }
    }

    @Override
    public void close() {
        napping.interrupt();
    }
}
