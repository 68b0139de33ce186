package posthaste.bench.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** What is still to be written to a channel; several buffers leave in one system call. */
public final class Outbox {
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();

    /** Takes a buffer, which is its own from now on. */
    public void add(ByteBuffer buffer) {
        waiting.add(buffer);
    }

    public void clear() {
        waiting.clear();
    }

    /**
     * Writes as much as the channel takes.
     *
     * @return whether all has been written
     */
    public boolean writeTo(SocketChannel channel) throws IOException {
        while (!waiting.isEmpty()) {
            long written = channel.write(waiting.toArray(ByteBuffer[]::new));
            while (!waiting.isEmpty() && !waiting.getFirst().hasRemaining()) {
                waiting.removeFirst();
            }
            if (written == 0) {
                return false;
            }
        }
        return true;
    }
}
