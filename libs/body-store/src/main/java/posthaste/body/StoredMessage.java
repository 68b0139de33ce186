package posthaste.body;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.record.BodyRef;

/**
 * A message as it is relayed: the header fields that its envelope adds, then the body as it is
 * stored. Whoever means the message reads it through this; whoever means the stored bytes, to copy
 * or to check them, reads the body.
 */
public final class StoredMessage implements StoredBody {
    private final byte[] addedFields;
    private final StoredBody body;

    private StoredMessage(byte[] addedFields, StoredBody body) {
        this.addedFields = addedFields;
        this.body = body;
    }

    /** Opens the message of a mail; fails as {@link BodyStore#open} does. */
    public static StoredMessage open(BodyStore store, BodyRef body, Envelope envelope)
            throws MissingBodyException,
                    CorruptBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        return new StoredMessage(
                envelope.addedFields().getBytes(StandardCharsets.UTF_8), store.open(body));
    }

    /** Of the whole message, in bytes. */
    @Override
    public long length() {
        return addedFields.length + body.length();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        // One write less for the many mails that have none.
        if (addedFields.length > 0) {
            out.write(addedFields);
        }
        body.writeTo(out);
    }

    @Override
    public void close() {
        body.close();
    }
}
