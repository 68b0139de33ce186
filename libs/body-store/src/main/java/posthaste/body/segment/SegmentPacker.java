package posthaste.body.segment;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import posthaste.body.buffer.BodyTrailer;
import posthaste.body.buffer.SmallBody;

/** Lays out one new segment, and says which bytes come next; who writes them is not its concern. */
public final class SegmentPacker {
    /** Where the body of an object segment begins. */
    public static final int OBJECT_BODY_OFFSET = SegmentFormat.HEADER_SIZE;

    private final SegmentMark mark = SegmentMark.random();
    private long position;

    /** An entry's bytes, which refer to the body's own memory, and where its body then stands. */
    public record Packed(long bodyOffset, List<ByteBuffer> bytes) {}

    /** The first bytes of a segment of many small bodies. */
    public ByteBuffer beginPacked() {
        position = SegmentFormat.HEADER_SIZE;
        return SegmentFormat.header(mark, SegmentFormat.PACKED);
    }

    /** The first bytes of a segment of one large body, which follows. */
    public ByteBuffer beginObject() {
        position = OBJECT_BODY_OFFSET;
        return SegmentFormat.header(mark, SegmentFormat.OBJECT);
    }

    /** The next entry. */
    public Packed pack(SmallBody body) {
        byte[] mailId = body.mailId().getBytes(StandardCharsets.UTF_8);
        int length = body.bytes().length();
        List<ByteBuffer> bytes = new ArrayList<>(4);
        bytes.add(
                SegmentFormat.head(mark, position, length, body.crc32c(), mailId, body.envelope()));
        bytes.add(body.envelope().duplicate());
        bytes.addAll(body.bytes().views());
        long bodyOffset =
                position + SegmentFormat.HEAD_SIZE + mailId.length + body.envelope().remaining();
        position = bodyOffset + length;
        return new Packed(bodyOffset, bytes);
    }

    /** The last bytes of a segment of one large body. */
    public ByteBuffer endObject(BodyTrailer trailer) {
        ByteBuffer head =
                SegmentFormat.head(
                        mark,
                        position + trailer.length(),
                        trailer.length(),
                        trailer.crc32c(),
                        trailer.mailId().getBytes(StandardCharsets.UTF_8),
                        trailer.envelope());
        int size = head.remaining() + trailer.envelope().remaining();
        return ByteBuffer.allocate(size + SegmentFormat.TRAILER_SIZE_SIZE)
                .put(head)
                .put(trailer.envelope().duplicate())
                .putInt(size)
                .flip();
    }

    /** Bytes of the segment so far. */
    public long size() {
        return position;
    }
}
