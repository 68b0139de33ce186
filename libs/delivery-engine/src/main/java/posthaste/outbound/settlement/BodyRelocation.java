package posthaste.outbound.settlement;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import posthaste.body.BodyStore;
import posthaste.body.BodyWriter;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.CorruptBodyException;
import posthaste.body.CorruptBodyIOException;
import posthaste.body.Generation;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;

/**
 * Copies a body to {@code deferred/} before a record names it that will be due when the body is no
 * longer young: the janitor drops {@code primary/} on that promise (DESIGN 5).
 */
public final class BodyRelocation {
    /** A record may name a body in {@code primary/} that is younger than this when it is due. */
    public static final Duration BOUND = Duration.ofMinutes(30);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Short, since the copy waits for memory while the original holds some. */
    private static final Duration MEMORY_WAIT = Duration.ofSeconds(2);

    private static final String PRIMARY = Generation.PRIMARY.name() + "/";

    private final BodyStore store;

    public BodyRelocation(BodyStore store) {
        this.store = store;
    }

    /** Whether a record that is due then has to name a copy. */
    public static boolean isNeeded(EncodedEnvelope envelope, BodyRef body, Instant dueAt) {
        return body.key().startsWith(PRIMARY)
                && dueAt.isAfter(envelope.envelope().acceptedAt().plus(BOUND));
    }

    /**
     * The body as a record that is due then may name it: itself, or a copy that is durable.
     *
     * @throws MissingBodyException poison
     * @throws CorruptBodyException poison
     * @throws StoreUnavailableException our store is away, or has no memory to spare: nothing is to
     *     be counted against the mail
     */
    public BodyRef bodyFor(EncodedEnvelope envelope, BodyRef body, Instant dueAt)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        if (!isNeeded(envelope, body, dueAt)) {
            return body;
        }
        try {
            return copy(envelope, body);
        } catch (CorruptBodyIOException e) {
            throw new CorruptBodyException(body, String.valueOf(e.getMessage()));
        }
    }

    private BodyRef copy(EncodedEnvelope envelope, BodyRef body)
            throws MissingBodyException,
                    CorruptBodyException,
                    CorruptBodyIOException,
                    StoreUnavailableException,
                    InterruptedException {
        try (StoredBody original = store.open(body);
                BodyWriter writer = store.begin(Generation.DEFERRED, MEMORY_WAIT)) {
            IntoWriter out = new IntoWriter(writer);
            try {
                original.writeTo(out);
            } catch (CorruptBodyIOException e) {
                throw e;
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
                throw new CorruptBodyIOException(
                        "its copy at " + copy + " differs from what was accepted");
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
