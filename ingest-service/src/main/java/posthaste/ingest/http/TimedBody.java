package posthaste.ingest.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import posthaste.ingest.policy.Haste;

/**
 * A request's body, for which we wait no longer than for a message by SMTP: whoever sends it octet
 * by octet would otherwise keep a place, and its memory, for as long as he likes. One read that
 * hangs is ended by the web server.
 */
final class TimedBody extends FilterInputStream {
    private static final double NANOS = 1e9;

    private final BodyPatience limits;
    private final Supplier<Optional<Haste>> haste;
    private final LongSupplier nanoTime;
    private final long begun;
    private long waited;
    private long octets;

    /**
     * Begins to wait.
     *
     * @param haste how much less patience the client gets just now
     */
    TimedBody(
            InputStream in,
            BodyPatience limits,
            Supplier<Optional<Haste>> haste,
            LongSupplier nanoTime) {
        super(in);
        this.limits = limits;
        this.haste = haste;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Our own slowness between two reads is not the client's, so only waits are added up. */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        long asked = nanoTime.getAsLong();
        int read;
        try {
            read = in.read(bytes, offset, length);
        } catch (IOException e) {
            if (isTimeout(e)) {
                throw late();
            }
            throw e;
        }
        long now = nanoTime.getAsLong();
        waited += now - asked;
        octets += Math.max(0, read);
        if (read >= 0 && (now - begun > limits.timeout().toNanos() || isTooSlow())) {
            throw late();
        }
        return read;
    }

    @Override
    public long skip(long count) {
        throw new UnsupportedOperationException("a body is read");
    }

    private boolean isTooSlow() {
        Optional<Haste> hurry = haste.get();
        Duration grace =
                hurry.map(Haste::dataGrace)
                        .filter(other -> other.compareTo(limits.grace()) < 0)
                        .orElse(limits.grace());
        long rate = Math.max(limits.rate(), hurry.map(Haste::dataRate).orElse(0L));
        return waited > grace.toNanos() && octets < rate * (waited / NANOS);
    }

    private static boolean isTimeout(IOException failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    private static LateException late() {
        return new LateException();
    }

    /** As who goes away, who is late brings no message to its end. */
    static final class LateException extends IOException {
        private static final long serialVersionUID = 1;

        LateException() {
            super("The body came too slowly: send it again, without pauses.");
        }
    }
}
