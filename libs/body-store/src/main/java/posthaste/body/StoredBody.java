package posthaste.body;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A body that can be read; holds memory of the budget until it is closed.
 *
 * <p>A small body has been verified before this exists. A large one is verified while it is written
 * out.
 */
public interface StoredBody extends AutoCloseable {

    /** In bytes. */
    long length();

    /**
     * Writes the whole body to {@code out}.
     *
     * @throws CorruptBodyIOException when the bytes are not those that were stored, always before
     *     the last of them is written, so that no receiver can take them for the whole
     * @throws UnreadableBodyIOException when the store fails: try again later
     * @throws IOException when {@code out} fails
     */
    void writeTo(OutputStream out) throws IOException;

    @Override
    void close();
}
