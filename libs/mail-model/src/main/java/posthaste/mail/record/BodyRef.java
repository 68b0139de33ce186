package posthaste.mail.record;

/**
 * Where a body stands in the body store.
 *
 * @param key of the segment or object; begins with the generation
 * @param offset of the first byte of the body
 * @param length in bytes
 * @param crc32c of the body (RFC 3720 appendix B.4)
 */
public record BodyRef(String key, long offset, long length, int crc32c) {
    public BodyRef {
        if (key.isEmpty() || offset < 0 || length < 0) {
            throw new IllegalArgumentException(
                    "not a place of a body: " + key + '@' + offset + '+' + length);
        }
    }
}
