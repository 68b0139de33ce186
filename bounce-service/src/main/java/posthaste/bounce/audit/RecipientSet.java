package posthaste.bounce.audit;

/**
 * Which recipients were seen, in 11 to 21 bytes each: their 64-bit hashes. At ten million
 * recipients a single false hit has odds of one in 180,000.
 *
 * <p>Memory is bounded. A set that is full keeps only those of one slice of the hash space, a half,
 * a quarter and so on; who needs all of them goes through the slices one after another.
 */
final class RecipientSet {
    private static final int FIRST_CAPACITY = 1 << 12;

    private final int limit;
    private long[] table = new long[FIRST_CAPACITY];
    private int size;
    private int slices;
    private final int slice;

    /** For the recipients of one slice. */
    RecipientSet(int limit, int slices, int slice) {
        this.limit = limit;
        this.slices = slices;
        this.slice = slice;
    }

    /** Never 0, which marks a free place. */
    static long hash(String mailId, String address) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < mailId.length(); i++) {
            hash = (hash ^ mailId.charAt(i)) * 0x100000001b3L;
        }
        for (int i = 0; i < address.length(); i++) {
            hash = (hash ^ address.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
        hash ^= hash >>> 31;
        return hash == 0 ? 1 : hash;
    }

    /** Whether it lies in this set's slice. */
    boolean covers(long hash) {
        return (hash >>> 40 & (slices - 1)) == slice;
    }

    /** In how many slices the hash space has to be gone through, a power of two. */
    int slices() {
        return slices;
    }

    int size() {
        return size;
    }

    /** Adds what it covers. */
    void add(long hash) {
        if (!covers(hash) || !put(hash)) {
            return;
        }
        // Slices can be halved only before the first is done: later ones have their size.
        while (size > limit && slice == 0 && slices < 1 << 20) {
            slices *= 2;
            rehash(table.length);
        }
        if (size > table.length / 4 * 3) {
            rehash(table.length * 2);
        }
    }

    boolean contains(long hash) {
        for (int i = (int) hash & (table.length - 1); ; i = (i + 1) & (table.length - 1)) {
            if (table[i] == hash) {
                return true;
            }
            if (table[i] == 0) {
                return false;
            }
        }
    }

    private boolean put(long hash) {
        for (int i = (int) hash & (table.length - 1); ; i = (i + 1) & (table.length - 1)) {
            if (table[i] == hash) {
                return false;
            }
            if (table[i] == 0) {
                table[i] = hash;
                size++;
                return true;
            }
        }
    }

    private void rehash(int capacity) {
        long[] old = table;
        table = new long[capacity];
        size = 0;
        for (long hash : old) {
            if (hash != 0 && covers(hash)) {
                put(hash);
            }
        }
    }
}
