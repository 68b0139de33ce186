package posthaste.acceptance.cluster;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Says {@code time MILLIS WAITED} over and over: the wall clock, and how long a wait took. */
final class TimeTeller {
    static final Duration WAIT = Duration.ofMillis(100);

    private TimeTeller() {}

    public static void main(String[] args) throws InterruptedException {
        Object lock = new Object();
        while (true) {
            long begun = System.nanoTime();
            LockSupport.parkNanos(WAIT.toNanos());
            long parked = System.nanoTime();
            synchronized (lock) {
                TimeUnit.NANOSECONDS.timedWait(lock, WAIT.toNanos());
            }
            long waited = System.nanoTime();
            long shorter = Math.min(parked - begun, waited - parked);
            System.out.printf(
                    "time %d %d%n",
                    System.currentTimeMillis(), TimeUnit.NANOSECONDS.toMillis(shorter));
        }
    }
}
