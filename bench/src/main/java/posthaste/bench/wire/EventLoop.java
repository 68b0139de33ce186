package posthaste.bench.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread for many sockets. A thread for each would wake up for each reply, and a benchmark must
 * not spend what it measures.
 */
public abstract class EventLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

    private final Selector selector;
    private final String name;
    private @Nullable Thread thread;
    private volatile boolean closed;

    protected EventLoop(String name) {
        this.name = name;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is served: attached to the key of its channel. */
    public interface Served {
        /**
         * The channel can do what it was waited for.
         *
         * @throws IOException when it is lost
         */
        void ready(SelectionKey key) throws IOException;

        /** The channel was lost, and is closed. */
        void lost(IOException why);
    }

    /**
     * Does what is due without a channel being ready.
     *
     * @return nanoseconds until it wants to be asked again; negative: only when a channel is ready
     */
    protected abstract long turn();

    /** The thread has ended. */
    protected abstract void ended();

    protected final void begin() {
        thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    protected final SelectionKey register(SelectableChannel channel, int operations, Served served)
            throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, served);
    }

    /** Looks round at once. */
    protected final void wake() {
        selector.wakeup();
    }

    private void run() {
        try {
            while (!closed) {
                long nanos = turn();
                if (nanos < 0) {
                    selector.select(this::serve);
                } else if (nanos < 1_000_000) {
                    // The selector counts in milliseconds; less is waited out by looking again.
                    selector.selectNow(this::serve);
                } else {
                    selector.select(this::serve, nanos / 1_000_000);
                }
            }
        } catch (IOException e) {
            LOG.error("the selector has failed", e);
        } finally {
            closeAll();
            ended();
        }
    }

    private void serve(SelectionKey key) {
        Served served = (Served) key.attachment();
        try {
            served.ready(key);
        } catch (IOException e) {
            drop(key);
            served.lost(e);
        }
    }

    private static void drop(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            LOG.debug("a lost channel could not be closed: {}", e.toString());
        }
    }

    private void closeAll() {
        selector.keys().forEach(EventLoop::drop);
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("the selector could not be closed: {}", e.toString());
        }
    }

    @Override
    public void close() {
        closed = true;
        wake();
        Thread running = thread;
        if (running == null) {
            closeAll();
            ended();
            return;
        }
        try {
            running.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
