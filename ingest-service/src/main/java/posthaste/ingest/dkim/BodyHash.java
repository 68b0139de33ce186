package posthaste.ingest.dkim;

import java.security.MessageDigest;

/**
 * The SHA-256 of a canonical body, while it streams by (RFC 6376 sections 3.4.3, 3.4.4 and 3.7). A
 * body that lacks its last CRLF is hashed with one, since it is sent with one.
 */
final class BodyHash {
    private static final int BLOCK = 4096;

    private final MessageDigest digest = Sha256.begin();
    private final boolean relaxed;

    private final byte[] block = new byte[BLOCK];
    private int inBlock;

    private boolean anything;
    private boolean blank;
    private boolean behindCr;

    /** Line ends that count only if something follows them. */
    private long pendingLineEnds;

    BodyHash(Canonicalization canonicalization) {
        this.relaxed = canonicalization == Canonicalization.RELAXED;
    }

    void update(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            if (behindCr) {
                behindCr = false;
                if (b == '\n') {
                    endLine();
                    continue;
                }
                content((byte) '\r');
            }
            if (b == '\r') {
                behindCr = true;
            } else if (relaxed && (b == ' ' || b == '\t')) {
                blank = true;
            } else {
                content(b);
            }
        }
    }

    /** No octets follow. */
    byte[] digest() {
        if (behindCr) {
            content((byte) '\r');
        }
        // RFC 6376 section 3.4.3: the simple form of an empty body is one line end.
        if (anything || !relaxed) {
            lineEnd();
        }
        digest.update(block, 0, inBlock);
        return digest.digest();
    }

    private void content(byte b) {
        for (; pendingLineEnds > 0; pendingLineEnds--) {
            lineEnd();
        }
        if (blank) {
            blank = false;
            put((byte) ' ');
        }
        put(b);
        anything = true;
    }

    private void endLine() {
        blank = false;
        pendingLineEnds++;
    }

    private void lineEnd() {
        put((byte) '\r');
        put((byte) '\n');
    }

    private void put(byte b) {
        if (inBlock == BLOCK) {
            digest.update(block, 0, BLOCK);
            inBlock = 0;
        }
        block[inBlock++] = b;
    }
}
