package posthaste.bounce;

import java.io.IOException;
import java.io.OutputStream;
import posthaste.body.BodyWriter;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.StoreUnavailableException;

/** Lets what writes to a stream write a body. */
final class BodyWriterStream extends OutputStream {
    private final BodyWriter writer;

    /** Carries what {@link BodyWriter#write} threw through code that knows streams alone. */
    static final class Refused extends IOException {
        private Refused(Exception cause) {
            super(cause);
        }

        /** Throws it as it was thrown. */
        void rethrow()
                throws BudgetExhaustedException, StoreUnavailableException, InterruptedException {
            switch (getCause()) {
                case BudgetExhaustedException e -> throw e;
                case StoreUnavailableException e -> throw e;
                case InterruptedException e -> throw e;
                case null, default -> throw new IllegalStateException(this);
            }
        }
    }

    BodyWriterStream(BodyWriter writer) {
        this.writer = writer;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        try {
            writer.write(octets, offset, length);
        } catch (BudgetExhaustedException | StoreUnavailableException | InterruptedException e) {
            throw new Refused(e);
        }
    }
}
