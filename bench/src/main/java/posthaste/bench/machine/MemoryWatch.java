package posthaste.bench.machine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Notes the most memory that processes have at a time. */
public final class MemoryWatch {
    /** To look costs the kernel a walk over all pages. */
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final ProcessTree processes;
    private final AtomicLong most = new AtomicLong();
    private final Thread looking;

    public MemoryWatch(ProcessTree processes) {
        this.processes = processes;
        this.looking = Thread.ofVirtual().name("memory-watch").start(this::watch);
    }

    /**
     * Ends the watch.
     *
     * @return the most octets that were seen
     */
    public long stop() throws InterruptedException {
        looking.interrupt();
        looking.join();
        look();
        return most.get();
    }

    private void watch() {
        try {
            while (true) {
                look();
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            // stop() asks for this.
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        most.accumulateAndGet(processes.memory(), Math::max);
    }
}
