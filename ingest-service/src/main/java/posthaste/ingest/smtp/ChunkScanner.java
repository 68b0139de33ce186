package posthaste.ingest.smtp;

import posthaste.ingest.smtp.EndOfDataScanner.Content;
import posthaste.ingest.smtp.EndOfDataScanner.Flaw;

/**
 * Looks at the lines of a message that comes in chunks (RFC 3030), where dots mean nothing. What is
 * accepted goes on to next hops that know DATA alone, so its lines end as there: a CR or LF that
 * stands alone, and NUL, are flaws. A pure automaton: blocks and chunks may end anywhere, also
 * between CR and LF.
 */
final class ChunkScanner {
    private boolean atLineStart = true;
    private boolean afterCr;

    /** Passes a block on, its flaws told before. */
    void scan(byte[] block, int from, int to, Content content) {
        int i = from;
        while (i < to) {
            if (afterCr) {
                afterCr = false;
                if (block[i] == '\n') {
                    atLineStart = true;
                    i++;
                    continue;
                }
                content.flaw(Flaw.BARE_CR);
            }
            atLineStart = false;
            i = EndOfDataScanner.nextControl(block, i, to);
            if (i < to) {
                switch (block[i]) {
                    case '\r' -> afterCr = true;
                    case '\n' -> content.flaw(Flaw.BARE_LF);
                    default -> content.flaw(Flaw.NUL);
                }
                i++;
            }
        }
        if (from < to) {
            content.octets(block, from, to - from);
        }
    }

    /**
     * The message is over.
     *
     * @return whether its last line lacks its end
     */
    boolean endsWithinLine(Content content) {
        if (afterCr) {
            content.flaw(Flaw.BARE_CR);
        }
        return !atLineStart;
    }
}
