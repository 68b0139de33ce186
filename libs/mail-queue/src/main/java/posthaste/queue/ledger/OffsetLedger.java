package posthaste.queue.ledger;

import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What of one partition is settled, during one assignment of it.
 *
 * <p>Records are taken in the order of their offsets and settled in any order. Settled is
 * everything below {@link #mark()}, and everything between it and the last one taken that is not
 * unsettled; so the unsettled ones alone are remembered, and a commit names them alone.
 *
 * <p>A commit's metadata never exceeds the broker's limit: {@link #hasRoomFor} reckons with the
 * worst that can become of the unsettled offsets, each a run of its own. Settling one only ever
 * lowers that sum, since the length of a gap takes no more bytes than the lengths of its two parts.
 *
 * <p>Not for several threads.
 */
public final class OffsetLedger {
    /** Characters that the broker takes by default, {@code offset.metadata.max.bytes}. */
    public static final int METADATA_LIMIT = 4096;

    private static final int BYTE_LIMIT =
            Metadata.capacity(METADATA_LIMIT) - 2 * Runs.LONGEST_VARINT - Suspects.FIXED_BYTES;

    private final NavigableSet<Long> unsettled = new TreeSet<>();

    /**
     * Those of the unsettled that were so at the last commit before, and were not read again yet.
     */
    private final NavigableSet<Long> awaited = new TreeSet<>();

    private final Suspects suspects = new Suspects();

    /** One above the highest offset ever taken. */
    private long next;

    /** One above the last offset read in this assignment. */
    private long position;

    /** The bytes that the unsettled offsets take at worst. */
    private int worst;

    private boolean changed;
    private long committedVersion;

    private OffsetLedger(long offset) {
        next = offset;
        position = offset;
    }

    /** Begins at an offset, with nothing known of what stands above it. */
    public static OffsetLedger startingAt(long offset) {
        return new OffsetLedger(offset);
    }

    /**
     * Goes on from a commit. Metadata that is not ours says nothing: then all from the offset on is
     * unsettled.
     */
    public static OffsetLedger restore(LedgerCommit commit) {
        OffsetLedger ledger = new OffsetLedger(commit.offset());
        Optional<byte[]> runs = Metadata.decode(commit.offset(), commit.metadata());
        if (runs.isPresent()) {
            ledger.restore(new Runs.In(runs.get()));
        }
        return ledger;
    }

    private void restore(Runs.In in) {
        long mark = next;
        long end;
        try {
            end = Runs.decode(in, mark, unsettled, BYTE_LIMIT);
            suspects.decode(in, mark, unsettled);
        } catch (IllegalArgumentException _) {
            // The checksum fits and the runs do not: of a version that this one does not know.
            unsettled.clear();
            return;
        }
        next = end;
        awaited.addAll(unsettled);
        for (Long offset : unsettled) {
            worst += cost(unsettled.lower(offset), offset);
        }
    }

    /**
     * Takes the partition; nothing is to be started before the next commit is durable.
     *
     * @param me whoever takes it; not 0, and another one in each life of a process
     * @param end one above the last record that the one before can have had in flight, if it died
     */
    public void takeOver(int me, long end) {
        suspects.takeOver(me, mark(), end);
        changed = true;
    }

    /** Which records may have killed their process. What is noted there is in the next commit. */
    public Suspects suspects() {
        return suspects;
    }

    /** Whether an offset comes before what was read already: the log is not the one we knew. */
    public boolean isRewind(long offset) {
        return offset < position;
    }

    /** Whether offsets that should be there were passed over: records are gone. */
    public boolean isGap(long offset) {
        return offset > position;
    }

    /** Whether taking an offset leaves the metadata within its limit, whatever is settled when. */
    public boolean hasRoomFor(long offset) {
        if (offset < next || unsettled.isEmpty()) {
            return true;
        }
        return worst + cost(unsettled.last(), offset) + Suspects.bytesFor(unsettled.size() + 1)
                <= BYTE_LIMIT;
    }

    /**
     * Takes the next record that was read; offsets ascend.
     *
     * @return whether it is to be handled; otherwise it is settled already
     */
    public boolean take(long offset) {
        if (isRewind(offset)) {
            throw new IllegalArgumentException(
                    "offset " + offset + " was read after " + (position - 1));
        }
        position = offset + 1;
        forgetVanished(offset);
        if (offset < next) {
            return awaited.remove(offset);
        }
        worst += cost(unsettled.isEmpty() ? null : unsettled.last(), offset);
        unsettled.add(offset);
        next = offset + 1;
        return true;
    }

    /** Notes that a record that was taken is settled. */
    public void settle(long offset) {
        if (awaited.contains(offset) || !unsettled.contains(offset)) {
            throw new IllegalArgumentException("offset " + offset + " is not in flight");
        }
        remove(offset);
    }

    /** The low-water mark: everything below is settled. */
    public long mark() {
        return unsettled.isEmpty() ? next : unsettled.first();
    }

    /** One above the highest offset ever taken: from here on nothing is known. */
    public long end() {
        return next;
    }

    /** Whether an offset is settled. */
    public boolean isSettled(long offset) {
        return offset < next && !unsettled.contains(offset);
    }

    /** How many below {@code end} are not settled, those of which nothing is known among them. */
    public long unsettledBelow(long end) {
        return unsettled.headSet(end).size() + Math.max(0, end - next);
    }

    /** Whether there is news since {@link #commit()} was last asked. */
    public boolean hasChanged() {
        return changed || suspects.version() != committedVersion;
    }

    /** What to commit now. */
    public LedgerCommit commit() {
        changed = false;
        committedVersion = suspects.version();
        if (unsettled.isEmpty() && suspects.isBlank()) {
            return new LedgerCommit(next, "");
        }
        long mark = mark();
        Runs.Out out = new Runs.Out(Long.SIZE + 4 * unsettled.size());
        if (!unsettled.isEmpty()) {
            Runs.encode(out, unsettled, next);
        }
        if (!suspects.isBlank()) {
            out.octet(0);
            suspects.encode(out, mark, unsettled);
        }
        return new LedgerCommit(mark, Metadata.encode(mark, out.toBytes()));
    }

    /** The last commit did not arrive: there is one to make. */
    public void commitFailed() {
        changed = true;
    }

    /**
     * Awaited offsets below one that was read no longer exist, and would hold the mark for ever.
     */
    private void forgetVanished(long read) {
        SortedSet<Long> vanished = awaited.headSet(read);
        while (!vanished.isEmpty()) {
            long offset = vanished.first();
            vanished.remove(offset);
            remove(offset);
        }
    }

    private void remove(long offset) {
        Long before = unsettled.lower(offset);
        Long after = unsettled.higher(offset);
        worst -= cost(before, offset);
        if (after != null) {
            worst += cost(before, after) - cost(offset, after);
        }
        unsettled.remove(offset);
        suspects.settled(offset, mark());
        changed = true;
    }

    /** A run of its own: one byte for its length, and the settled run before it. */
    private static int cost(@Nullable Long before, long offset) {
        return before == null ? 1 : 1 + Runs.varintLength(offset - before);
    }
}
