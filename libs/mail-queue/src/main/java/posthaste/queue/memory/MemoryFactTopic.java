package posthaste.queue.memory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import posthaste.queue.control.FactTable;

/** A compacted topic of facts: the newest value of each key, and who reads along. */
final class MemoryFactTopic {
    private static final class Entry {
        private final byte[] key;
        private final byte[] value;

        Entry(byte[] key, byte[] value) {
            this.key = key;
            this.value = value;
        }
    }

    private final SequencedMap<ByteBuffer, Entry> newest = new LinkedHashMap<>();
    private final List<FactTable> readers = new ArrayList<>();

    synchronized void append(byte[] key, byte[] value) {
        newest.putLast(ByteBuffer.wrap(key), new Entry(key, value));
        readers.forEach(reader -> reader.read(key, value));
    }

    synchronized void join(FactTable reader) {
        newest.values().forEach(entry -> reader.read(entry.key, entry.value));
        readers.add(reader);
    }

    synchronized void leave(FactTable reader) {
        readers.remove(reader);
    }
}
