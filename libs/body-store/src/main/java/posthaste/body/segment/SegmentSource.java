package posthaste.body.segment;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A segment's bytes, wherever they are. */
public interface SegmentSource {

    /** In bytes. */
    long size() throws IOException;

    /** Fills the rest of {@code into} with the bytes from {@code position} on, or throws. */
    void read(long position, ByteBuffer into) throws IOException;
}
