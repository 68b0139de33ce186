package posthaste.service.reload;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at the watched files every now and then: what modification times tell holds on every file
 * system, which the kernel's notices do not (network mounts, links that lead elsewhere).
 */
public final class FileWatch implements AutoCloseable {
    private final Duration interval;
    private final MeterRegistry registry;
    private final List<ReloadedFile<?>> files = new CopyOnWriteArrayList<>();
    private final Thread looking;
    private volatile boolean closed;

    /**
     * Watches nothing yet.
     *
     * @param interval between two looks; a change is in force after one to two of them
     */
    public FileWatch(Duration interval, MeterRegistry registry) {
        this.interval = interval;
        this.registry = registry;
        this.looking = Thread.ofVirtual().name("file-watch").unstarted(this::run);
    }

    /** Begins to look. */
    public void start() {
        looking.start();
    }

    /**
     * Reads a file or a folder, and again whenever it changes.
     *
     * @param name says what it holds, in metrics and sentences; as {@code policy}
     * @throws posthaste.service.settings.StartRefusedException with file, line and reason, when it
     *     is wrong now
     */
    public <T> ReloadedFile<T> watch(String name, Path path, FileParser<T> parser) {
        ReloadedFile<T> file =
                ReloadedFile.first(name, path, parser, new ReloadMetrics(registry, name));
        Gauge.builder("posthaste.reload.in.force", file, f -> f.isInForce() ? 1 : 0)
                .description("1 when a watched file is in force as it stands; 0 when it is wrong")
                .tag("file", name)
                .strongReference(true)
                .register(registry);
        files.add(file);
        return file;
    }

    /** Looks at every file now. */
    public void look() {
        files.forEach(ReloadedFile::look);
    }

    @Override
    public void close() {
        // No interrupt: it would break off a read, and look like a file that cannot be read.
        closed = true;
        LockSupport.unpark(looking);
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(interval.toNanos());
            if (!closed) {
                look();
            }
        }
    }
}
