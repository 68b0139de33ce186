package posthaste.ingest.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.MemoryBudget;

/** A request's body in memory of the budget, with room for what is made of it. */
final class HeldBytes implements AutoCloseable {
    private static final int FIRST_SIZE = 16 * 1024;

    /** The octets, the text that they are, and the message that is made of it. */
    private static final long COPIES = 4;

    private final MemoryBudget memory;
    private final Duration wait;
    private long held;
    private byte[] bytes = new byte[0];

    HeldBytes(MemoryBudget memory, Duration wait) {
        this.memory = memory;
        this.wait = wait;
    }

    /** Reads to the end; the array is the reader's. */
    byte[] read(InputStream in, long most) throws IOException {
        int count = 0;
        while (true) {
            if (count == bytes.length) {
                grow();
            }
            int read = in.read(bytes, count, bytes.length - count);
            if (read < 0) {
                return Arrays.copyOf(bytes, count);
            }
            count += read;
            if (count > most) {
                throw HttpProblem.of(
                        413,
                        "A mail as JSON may have "
                                + most
                                + " octets: send a larger one as message/rfc822.");
            }
        }
    }

    private void grow() {
        int larger = bytes.length == 0 ? FIRST_SIZE : bytes.length * 2;
        try {
            memory.acquire((larger - bytes.length) * COPIES, wait);
        } catch (BudgetExhaustedException e) {
            throw HttpProblem.forNow(503, "There is no memory for the mail now.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HttpProblem.forNow(503, "The service is stopping.");
        }
        held += MemoryBudget.costOf((larger - bytes.length) * COPIES);
        bytes = Arrays.copyOf(bytes, larger);
    }

    @Override
    public void close() {
        if (held > 0) {
            memory.release(held);
            held = 0;
        }
    }
}
