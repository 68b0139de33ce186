package posthaste.body.buffer;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import posthaste.body.BodyWriter;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.record.BodyRef;

/**
 * Gathers a body in memory up to a threshold; a larger one, or one for which memory runs short on
 * the way, streams to an object of its own. It never waits for memory while it holds some: thus
 * writers whose bodies together are larger than the budget come through all the same.
 */
public final class BufferingWriter implements BodyWriter {
    /** What a body that streams keeps of its memory, in bytes. */
    public static final int STREAMING_MEMORY = 128 * 1024;

    private final BodySink sink;
    private final Generation generation;
    private final int threshold;
    private final Duration budgetWait;
    private final CRC32C crc = new CRC32C();
    private final BodyBytes buffer;
    private @Nullable BodyObject object;
    private long length;
    private State state = State.OPEN;

    private enum State {
        OPEN,
        FAILED,
        COMMITTED,
        CLOSED
    }

    /** Begins a body; {@code threshold}: the largest, in bytes, that is kept in memory whole. */
    public BufferingWriter(
            BodySink sink,
            MemoryBudget budget,
            Generation generation,
            int threshold,
            Duration budgetWait) {
        this.sink = sink;
        this.generation = generation;
        this.threshold = threshold;
        this.budgetWait = budgetWait;
        this.buffer = new BodyBytes(budget);
    }

    @Override
    public void write(byte[] bytes, int offset, int count)
            throws BudgetExhaustedException, StoreUnavailableException, InterruptedException {
        requireOpen();
        if (length == 0) {
            sink.checkWritable(generation);
        }
        state = State.FAILED;
        int done = 0;
        while (done < count) {
            int limit = object == null ? threshold : STREAMING_MEMORY;
            done += buffer.append(bytes, offset + done, count - done, limit, budgetWait);
            if (done < count) {
                flush();
            }
        }
        crc.update(bytes, offset, count);
        length += count;
        state = State.OPEN;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public Optional<List<ByteBuffer>> inMemory() {
        requireOpen();
        return object == null ? Optional.of(buffer.views()) : Optional.empty();
    }

    @Override
    public BodyRef commit(String mailId, byte[] envelope, Duration deadline)
            throws StoreUnavailableException, InterruptedException {
        requireOpen();
        state = State.FAILED;
        ByteBuffer kept = ByteBuffer.wrap(envelope);
        int crc32c = (int) crc.getValue();
        BodyRef ref =
                object == null
                        ? sink.append(
                                generation, new SmallBody(mailId, kept, buffer, crc32c), deadline)
                        : object.commit(
                                buffer, new BodyTrailer(mailId, kept, length, crc32c), deadline);
        state = State.COMMITTED;
        return ref;
    }

    @Override
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        buffer.release();
        if (object != null) {
            object.close();
        }
    }

    private void flush() throws StoreUnavailableException, InterruptedException {
        BodyObject large = object;
        if (large == null) {
            large = sink.beginObject(generation);
            object = large;
        }
        large.write(buffer);
        buffer.reset(STREAMING_MEMORY);
    }

    private void requireOpen() {
        if (state != State.OPEN) {
            throw new IllegalStateException("this body is " + state);
        }
    }
}
