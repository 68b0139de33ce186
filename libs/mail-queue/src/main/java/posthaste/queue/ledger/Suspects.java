package posthaste.queue.ledger;

import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;

/**
 * Which records of one partition may have killed their process (DESIGN 3, invariant 10), as part of
 * the {@link OffsetLedger} and of what it commits.
 *
 * <p>Who takes a partition writes its mark into the commit before it starts anything, and takes it
 * out when it gives the partition back. So whoever finds a stranger's mark knows that somebody died
 * with the partition in hands. What that one had in flight is known roughly: unsettled, and below a
 * horizon. These are <em>suspects</em>: each is noted in a commit before it starts, and few of them
 * run at once. Those noted when the next process dies were in flight at two crashes in a row:
 * <em>repeated</em>, tried alone from then on. The one that was tried alone when a process died is
 * <em>condemned</em>: it goes to the dead letters unseen.
 *
 * <p>Not for several threads.
 */
public final class Suspects {
    /** The most bytes of the encoded form beside {@link #bytesFor} the unsettled ones. */
    static final int FIXED_BYTES = Integer.BYTES + 3 * Runs.LONGEST_VARINT + 1;

    private static final int NOBODY = 0;
    private static final long NONE = -1;
    private static final int BITS = 2;
    private static final int PER_BYTE = Byte.SIZE / BITS;
    private static final int MASK = (1 << BITS) - 1;

    /** How a record stands. */
    public enum Standing {
        CLEAR,
        /** A suspect that has been started since. */
        STARTED,
        /** Was in flight at two crashes in a row. */
        REPEATED,
        /** Was tried alone at a third one. */
        CONDEMNED,
        /** May have been in flight at the last crash; is not encoded but by the horizon. */
        SUSPECT
    }

    /** The encoded form of each is its place here. */
    private static final List<Standing> ENCODED =
            List.of(Standing.CLEAR, Standing.STARTED, Standing.REPEATED, Standing.CONDEMNED);

    private final NavigableMap<Long, Standing> noted = new TreeMap<>();
    private int owner = NOBODY;
    private long horizon;
    private long crashes;
    private long alone = NONE;
    private long version;

    Suspects() {}

    /** Whether somebody else had the partition and never gave it back. */
    public boolean isLeftBehindFor(int me) {
        return owner != NOBODY && owner != me;
    }

    /**
     * Takes the partition.
     *
     * @param me whoever takes it; not 0, and another one in each life of a process
     * @param mark the low-water mark
     * @param end one above the last record that the one before can have had in flight
     */
    void takeOver(int me, long mark, long end) {
        if (isLeftBehindFor(me)) {
            noted.replaceAll(
                    (_, standing) -> standing == Standing.STARTED ? Standing.REPEATED : standing);
            if (alone != NONE) {
                noted.put(alone, Standing.CONDEMNED);
            }
            if (end > mark) {
                horizon = Math.max(horizon, end);
            }
            crashes = horizon == 0 && noted.isEmpty() ? 0 : crashes + 1;
        }
        alone = NONE;
        owner = me;
        version++;
    }

    /** Gives the partition back in good order: nobody died, so nothing is held against anyone. */
    public void release() {
        owner = NOBODY;
        alone = NONE;
        noted.values().removeIf(standing -> standing == Standing.STARTED);
        version++;
    }

    public Standing of(long offset) {
        Standing known = noted.get(offset);
        if (known != null) {
            return known;
        }
        return offset < horizon ? Standing.SUSPECT : Standing.CLEAR;
    }

    /** Notes that a suspect is about to start, once a commit has said so. */
    public void start(long offset) {
        noted.put(offset, Standing.STARTED);
        version++;
    }

    /** Notes that a repeated one is about to be tried alone, once a commit has said so. */
    public void tryAlone(long offset) {
        if (of(offset) != Standing.REPEATED || alone != NONE) {
            throw new IllegalStateException("offset " + offset + " is not to be tried alone now");
        }
        alone = offset;
        version++;
    }

    /**
     * Others may have been started by now: the one that was alone is no more to blame than they.
     */
    public void endTrial() {
        alone = NONE;
        version++;
    }

    /** Crashes in a row after which something was still suspected. */
    public long crashes() {
        return crashes;
    }

    /** Grows with each change, so that one can tell whether a commit had it. */
    public long version() {
        return version;
    }

    /** Whether there is nothing to say. */
    boolean isBlank() {
        return owner == NOBODY && horizon == 0 && noted.isEmpty();
    }

    void settled(long offset, long mark) {
        noted.remove(offset);
        if (alone == offset) {
            alone = NONE;
        }
        if (mark >= horizon) {
            horizon = 0;
        }
        if (horizon == 0 && noted.isEmpty()) {
            crashes = 0;
        }
    }

    /** The bytes that so many unsettled offsets take at most. */
    static int bytesFor(int unsettled) {
        return unsettled / PER_BYTE + 1;
    }

    /** Writes it behind the runs of the unsettled offsets, to which it refers. */
    void encode(Runs.Out out, long mark, NavigableSet<Long> unsettled) {
        out.fixed(owner);
        out.varint(crashes);
        out.varint(Math.max(0, horizon - mark));
        out.varint(alone == NONE ? 0 : alone - mark + 1);
        int bits = 0;
        int have = 0;
        for (long offset : unsettled) {
            bits |= ENCODED.indexOf(noted.getOrDefault(offset, Standing.CLEAR)) << have;
            have += BITS;
            if (have == Byte.SIZE) {
                out.octet(bits);
                bits = 0;
                have = 0;
            }
        }
        if (have > 0) {
            out.octet(bits);
        }
    }

    /** Reads what {@link #encode} wrote; zero bytes behind it may be missing. */
    void decode(Runs.In in, long mark, NavigableSet<Long> unsettled) {
        owner = in.fixed();
        crashes = in.varint();
        long beyond = in.varint();
        horizon = beyond == 0 ? 0 : mark + beyond;
        long trial = in.varint();
        alone = trial == 0 ? NONE : mark + trial - 1;
        int bits = 0;
        int have = 0;
        for (long offset : unsettled) {
            if (have == 0) {
                bits = in.octet();
                have = Byte.SIZE;
            }
            Standing standing = ENCODED.get(bits & MASK);
            if (standing != Standing.CLEAR) {
                noted.put(offset, standing);
            }
            bits >>>= BITS;
            have -= BITS;
        }
        if (alone != NONE && !unsettled.contains(alone)) {
            alone = NONE;
        }
    }
}
