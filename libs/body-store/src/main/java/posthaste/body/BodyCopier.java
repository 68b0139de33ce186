package posthaste.body;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;

/** Copies bodies from one generation to another: read, append, verified on the way (DESIGN 5). */
public final class BodyCopier {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Short, since the copy waits for memory while the original holds some. */
    private static final Duration MEMORY_WAIT = Duration.ofSeconds(2);

    private final BodyStore store;

    public BodyCopier(BodyStore store) {
        this.store = store;
    }

    /**
     * Makes a copy; it is durable when this returns.
     *
     * @param envelope stored beside it
     * @throws StoreUnavailableException when the store is away, or has no memory to spare
     */
    public BodyRef copy(BodyRef body, EncodedEnvelope envelope, Generation to)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        try (StoredBody original = store.open(body);
                BodyWriter writer = store.begin(to, MEMORY_WAIT)) {
            IntoWriter out = new IntoWriter(writer);
            try {
                original.writeTo(out);
            } catch (CorruptBodyIOException e) {
                throw new CorruptBodyException(body, String.valueOf(e.getMessage()));
            } catch (InterruptedIOException e) {
                throw new InterruptedException("the copy of a body was broken off");
            } catch (IOException e) {
                out.rethrow();
                throw new StoreUnavailableException("a body could not be read to its end", e);
            }
            BodyRef copy =
                    writer.commit(
                            envelope.envelope().id().value(), envelope.toByteArray(), PATIENCE);
            if (copy.length() != body.length() || copy.crc32c() != body.crc32c()) {
                throw new CorruptBodyException(
                        body, "its copy at " + copy + " differs from what was accepted");
            }
            return copy;
        }
    }

    /** A writer as a stream; keeps what the writer threw, since a stream can only throw its own. */
    private static final class IntoWriter extends OutputStream {
        private final BodyWriter writer;
        private @Nullable Exception thrown;

        IntoWriter(BodyWriter writer) {
            this.writer = writer;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                writer.write(bytes, offset, length);
            } catch (BudgetExhaustedException | StoreUnavailableException e) {
                thrown = e;
                throw new IOException(e);
            } catch (InterruptedException e) {
                throw new InterruptedIOException("the copy of a body was broken off");
            }
        }

        void rethrow() throws StoreUnavailableException {
            switch (thrown) {
                case StoreUnavailableException e -> throw e;
                case BudgetExhaustedException e ->
                        throw new StoreUnavailableException("no memory to copy a body", e);
                case null, default -> {}
            }
        }
    }
}
