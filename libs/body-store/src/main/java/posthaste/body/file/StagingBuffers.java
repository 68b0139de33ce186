package posthaste.body.file;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Memory outside of the heap in which a batch becomes one write. Plain gathering writes would have
 * the same bytes copied piece by piece, and a system call for each 16 pieces or so.
 */
final class StagingBuffers {
    private final int size;
    private final Queue<ByteBuffer> free = new ConcurrentLinkedQueue<>();

    /** There are never more of them than lanes that flush at once. */
    StagingBuffers(int size) {
        this.size = size;
    }

    ByteBuffer take() {
        ByteBuffer buffer = free.poll();
        return buffer == null ? ByteBuffer.allocateDirect(size) : buffer;
    }

    void giveBack(ByteBuffer buffer) {
        free.add(buffer);
    }
}
