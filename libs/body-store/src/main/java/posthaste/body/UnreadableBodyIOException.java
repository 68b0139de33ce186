package posthaste.body;

import java.io.IOException;

/**
 * The store failed while a large body was being written out. Unlike any other {@code IOException}
 * of {@link StoredBody#writeTo} this is not the receiver's doing, and nothing is to be counted
 * against the mail (invariant 9).
 */
public final class UnreadableBodyIOException extends IOException {
    public UnreadableBodyIOException(String message, Throwable cause) {
        super(message, cause);
    }
}
