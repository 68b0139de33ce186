package posthaste.bounce.dsn;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import posthaste.mail.envelope.Envelope;

/**
 * A notification ready to be sent: its envelope, and its message as something that writes itself,
 * so that a returned message is never held twice.
 */
public final class Dsn {
    private final Envelope envelope;
    private final byte[] beginning;
    private final Optional<Multipart.Content> message;
    private final byte[] end;

    Dsn(Envelope envelope, byte[] beginning, Optional<Multipart.Content> message, byte[] end) {
        this.envelope = envelope;
        this.beginning = beginning;
        this.message = message;
        this.end = end;
    }

    /** From the null reverse-path to the reverse-path of the mail that it is about. */
    public Envelope envelope() {
        return envelope;
    }

    /**
     * Writes the message, header and body.
     *
     * @throws IOException when {@code out} or the returned message's body throws it
     */
    public void writeTo(OutputStream out) throws IOException {
        out.write(beginning);
        if (message.isPresent()) {
            message.get().writeTo(out);
        }
        out.write(end);
    }
}
