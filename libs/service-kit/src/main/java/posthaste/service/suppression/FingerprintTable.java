package posthaste.service.suppression;

import java.util.function.LongPredicate;

/**
 * 64 bits for each of very many 128-bit fingerprints, in 24 octets a place: open addressing with
 * linear probing, at most {@value #FULL_PERCENT} % full. In shards that grow each for itself, so
 * that growth neither stops all readers nor needs the whole twice.
 *
 * <p>A value is never 0. Those of whom {@code dead} holds are left behind when a shard grows, and
 * need no sweep.
 */
final class FingerprintTable {
    private static final int SHARDS = 256;
    private static final int FULL_PERCENT = 85;
    private static final int FIRST_PLACES = 8;

    private final Shard[] shards = new Shard[SHARDS];
    private final LongPredicate dead;

    FingerprintTable(LongPredicate dead) {
        this.dead = dead;
        for (int i = 0; i < SHARDS; i++) {
            shards[i] = new Shard();
        }
    }

    /** The value of a fingerprint; 0 when there is none. */
    long get(Fingerprint of) {
        Shard shard = shard(of);
        synchronized (shard) {
            int place = shard.find(of.high(), of.low());
            return shard.values[place];
        }
    }

    void put(Fingerprint of, long value) {
        if (value == 0) {
            throw new IllegalArgumentException("0 stands for none");
        }
        Shard shard = shard(of);
        synchronized (shard) {
            shard.put(of.high(), of.low(), value, dead);
        }
    }

    void remove(Fingerprint of) {
        Shard shard = shard(of);
        synchronized (shard) {
            shard.remove(shard.find(of.high(), of.low()));
        }
    }

    /** Fingerprints in the table, some of them dead. */
    long size() {
        long size = 0;
        for (Shard shard : shards) {
            synchronized (shard) {
                size += shard.size;
            }
        }
        return size;
    }

    /** Octets of memory, but for a few a shard. */
    long octets() {
        long places = 0;
        for (Shard shard : shards) {
            synchronized (shard) {
                places += shard.values.length;
            }
        }
        return places * 3 * Long.BYTES;
    }

    private Shard shard(Fingerprint of) {
        return shards[(int) (of.high() >>> 56)];
    }

    private static final class Shard {
        private long[] highs = new long[FIRST_PLACES];
        private long[] lows = new long[FIRST_PLACES];
        private long[] values = new long[FIRST_PLACES];
        private int size;

        /** Where it is, or where it would be. */
        int find(long high, long low) {
            int place = home(low);
            while (values[place] != 0 && (highs[place] != high || lows[place] != low)) {
                place = next(place);
            }
            return place;
        }

        void put(long high, long low, long value, LongPredicate dead) {
            int place = find(high, low);
            if (values[place] == 0) {
                if ((size + 1) * 100L > values.length * (long) FULL_PERCENT) {
                    grow(dead);
                    place = find(high, low);
                }
                highs[place] = high;
                lows[place] = low;
                size++;
            }
            values[place] = value;
        }

        /** Those behind it that would not be found any more move up. */
        void remove(int found) {
            if (values[found] == 0) {
                return;
            }
            size--;
            int hole = found;
            for (int at = next(hole); values[at] != 0; at = next(at)) {
                int home = home(lows[at]);
                boolean mayMove =
                        hole <= at ? home <= hole || home > at : home <= hole && home > at;
                if (mayMove) {
                    highs[hole] = highs[at];
                    lows[hole] = lows[at];
                    values[hole] = values[at];
                    hole = at;
                }
            }
            values[hole] = 0;
        }

        private void grow(LongPredicate dead) {
            long[] oldHighs = highs;
            long[] oldLows = lows;
            long[] oldValues = values;
            int places = oldValues.length + Math.max(FIRST_PLACES, oldValues.length / 4);
            highs = new long[places];
            lows = new long[places];
            values = new long[places];
            size = 0;
            for (int i = 0; i < oldValues.length; i++) {
                if (oldValues[i] != 0 && !dead.test(oldValues[i])) {
                    int place = find(oldHighs[i], oldLows[i]);
                    highs[place] = oldHighs[i];
                    lows[place] = oldLows[i];
                    values[place] = oldValues[i];
                    size++;
                }
            }
        }

        /** Of a fingerprint all bits are alike random: the low half scaled to the places. */
        private int home(long low) {
            return (int) Math.unsignedMultiplyHigh(low, values.length);
        }

        private int next(int place) {
            return place + 1 == values.length ? 0 : place + 1;
        }
    }
}
