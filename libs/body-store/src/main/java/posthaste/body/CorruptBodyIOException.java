package posthaste.body;

import java.io.IOException;

/** A large body turned out damaged while it was being written out. */
public final class CorruptBodyIOException extends IOException {
    public CorruptBodyIOException(String message) {
        super(message);
    }
}
