package posthaste.body.segment;

import static posthaste.body.segment.SegmentFormat.HEADER_SIZE;
import static posthaste.body.segment.SegmentFormat.HEAD_SIZE;
import static posthaste.body.segment.SegmentFormat.TRAILER_SIZE_SIZE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Lists what stands in a segment, whatever happened to it, so that a queue can be rebuilt from
 * segments alone. Damage is skipped only to an entry that bears the segment's own mark and says
 * that it stands where it does, never to bytes that a body could hold.
 */
public final class SegmentReader {
    private static final int WINDOW = 64 * 1024;

    private final SegmentSource source;
    private final long size;

    private SegmentReader(SegmentSource source) throws IOException {
        this.source = source;
        this.size = source.size();
    }

    /**
     * Reads a segment from front to back, bodies included.
     *
     * @throws IOException when the source cannot be read; damage is no exception
     */
    public static void read(SegmentSource source, Consumer<SegmentItem> items) throws IOException {
        new SegmentReader(source).read(items);
    }

    private void read(Consumer<SegmentItem> items) throws IOException {
        if (size == 0) {
            return;
        }
        Header header = header();
        if (header == null) {
            items.accept(new SegmentItem.Damage(0, size));
        } else if (header.kind == SegmentFormat.OBJECT) {
            readObject(header.mark, items);
        } else {
            readPacked(header.mark, items);
        }
    }

    private void readPacked(SegmentMark mark, Consumer<SegmentItem> items) throws IOException {
        long position = HEADER_SIZE;
        while (position < size) {
            Head head = headAt(position, mark);
            long damaged = position;
            if (head != null && head.end() + head.bodyLength <= size) {
                boolean intact = crcOf(head.end(), head.bodyLength) == head.bodyCrc;
                items.accept(head.entry(head.end(), intact));
                damaged = head.end() + head.bodyLength;
                if (intact) {
                    position = damaged;
                    continue;
                }
                // Bytes may have been lost or added inside the body: the next head can be anywhere.
                position = head.end() - 1;
            }
            position = nextHead(position + 1, mark);
            if (position > damaged) {
                items.accept(new SegmentItem.Damage(damaged, position));
            }
        }
    }

    private void readObject(SegmentMark mark, Consumer<SegmentItem> items) throws IOException {
        Head trailer = trailer();
        if (trailer == null || !trailer.mark.equals(mark)) {
            long found = nextHead(HEADER_SIZE, mark);
            trailer = found < size ? headAt(found, mark) : null;
        }
        if (trailer == null || trailer.position - trailer.bodyLength != HEADER_SIZE) {
            items.accept(new SegmentItem.Damage(0, size));
            return;
        }
        boolean intact = crcOf(HEADER_SIZE, trailer.bodyLength) == trailer.bodyCrc;
        items.accept(trailer.entry(HEADER_SIZE, intact));
    }

    /** The header, or, if it is damaged, what an undamaged trailer or first entry tell of it. */
    private @Nullable Header header() throws IOException {
        if (size >= HEADER_SIZE) {
            ByteBuffer bytes = bytesAt(0, HEADER_SIZE);
            CRC32C crc = new CRC32C();
            crc.update(bytes.slice(0, HEADER_SIZE - Integer.BYTES));
            if (bytes.getLong() == SegmentFormat.MAGIC
                    && bytes.getInt(HEADER_SIZE - Integer.BYTES) == (int) crc.getValue()) {
                SegmentMark mark = SegmentMark.get(bytes);
                return new Header(mark, bytes.getInt());
            }
        }
        Head trailer = trailer();
        if (trailer != null && trailer.position - trailer.bodyLength == HEADER_SIZE) {
            return new Header(trailer.mark, SegmentFormat.OBJECT);
        }
        Head first = headAt(HEADER_SIZE, null);
        return first == null ? null : new Header(first.mark, SegmentFormat.PACKED);
    }

    private @Nullable Head trailer() throws IOException {
        if (size < HEADER_SIZE + HEAD_SIZE + TRAILER_SIZE_SIZE) {
            return null;
        }
        int length = bytesAt(size - TRAILER_SIZE_SIZE, TRAILER_SIZE_SIZE).getInt();
        long position = size - TRAILER_SIZE_SIZE - length;
        return length < HEAD_SIZE || position < HEADER_SIZE ? null : headAt(position, null);
    }

    /** An intact head at {@code position}, with this mark (null: with any), or null. */
    private @Nullable Head headAt(long position, @Nullable SegmentMark mark) throws IOException {
        if (position + HEAD_SIZE > size) {
            return null;
        }
        ByteBuffer head = bytesAt(position, HEAD_SIZE);
        SegmentMark found = SegmentMark.get(head);
        if ((mark != null && !found.equals(mark)) || head.getLong() != position) {
            return null;
        }
        long bodyLength = head.getLong();
        int bodyCrc = head.getInt();
        int mailId = head.getInt();
        int envelope = head.getInt();
        if (bodyLength < 0
                || bodyLength > size
                || mailId < 0
                || mailId > SegmentFormat.LONGEST_MAIL_ID
                || envelope < 0
                || envelope > SegmentFormat.LONGEST_ENVELOPE
                || position + HEAD_SIZE + mailId + envelope > size) {
            return null;
        }
        ByteBuffer names = bytesAt(position + HEAD_SIZE, mailId + envelope);
        if (!SegmentFormat.isIntact(head, names)) {
            return null;
        }
        return new Head(
                found,
                position,
                bodyLength,
                bodyCrc,
                StandardCharsets.UTF_8.decode(names.slice(0, mailId)).toString(),
                names.slice(mailId, envelope));
    }

    /** Where the next intact head stands, from {@code from} on; the segment's size: nowhere. */
    private long nextHead(long from, SegmentMark mark) throws IOException {
        long start = from;
        while (start + HEAD_SIZE <= size) {
            int length = (int) Math.min(WINDOW, size - start);
            ByteBuffer window = bytesAt(start, length);
            for (int i = 0; i + SegmentMark.SIZE <= length; i++) {
                if (window.getLong(i) == mark.high()
                        && window.getLong(i + Long.BYTES) == mark.low()
                        && headAt(start + i, mark) != null) {
                    return start + i;
                }
            }
            // A mark may straddle two windows.
            start += length - SegmentMark.SIZE + 1;
        }
        return size;
    }

    private int crcOf(long start, long length) throws IOException {
        CRC32C crc = new CRC32C();
        for (long at = 0; at < length; at += WINDOW) {
            crc.update(bytesAt(start + at, (int) Math.min(WINDOW, length - at)));
        }
        return (int) crc.getValue();
    }

    private ByteBuffer bytesAt(long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        source.read(position, bytes);
        return bytes.flip();
    }

    private record Header(SegmentMark mark, int kind) {}

    private record Head(
            SegmentMark mark,
            long position,
            long bodyLength,
            int bodyCrc,
            String mailId,
            ByteBuffer envelope) {

        /** Behind the head, mail id and envelope included. */
        long end() {
            return position
                    + HEAD_SIZE
                    + mailId.getBytes(StandardCharsets.UTF_8).length
                    + envelope.remaining();
        }

        SegmentItem.Entry entry(long offset, boolean intact) {
            return new SegmentItem.Entry(
                    mailId, envelope.asReadOnlyBuffer(), offset, bodyLength, bodyCrc, intact);
        }
    }
}
