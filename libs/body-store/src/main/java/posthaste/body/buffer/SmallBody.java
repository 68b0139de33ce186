package posthaste.body.buffer;

import java.nio.ByteBuffer;

/**
 * A body that is whole in memory.
 *
 * @param mailId of the mail that it belongs to
 * @param envelope encoded, as accepted; not to be changed
 * @param bytes of the body
 * @param crc32c of the body
 */
public record SmallBody(String mailId, ByteBuffer envelope, BodyBytes bytes, int crc32c) {}
