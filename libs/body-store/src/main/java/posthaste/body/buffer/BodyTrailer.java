package posthaste.body.buffer;

import java.nio.ByteBuffer;

/**
 * What is known only when a large body has ended, and is stored behind it.
 *
 * @param mailId of the mail that it belongs to
 * @param envelope encoded, as accepted; not to be changed
 * @param length of the whole body, in bytes
 * @param crc32c of the whole body
 */
public record BodyTrailer(String mailId, ByteBuffer envelope, long length, int crc32c) {}
