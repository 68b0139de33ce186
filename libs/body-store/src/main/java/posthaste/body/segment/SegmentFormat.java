package posthaste.body.segment;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of a segment, all numbers in network order.
 *
 * <pre>
 * segment: header entry*                      (packed: many small bodies)
 *        | header body trailer trailer-size   (object: one large body)
 * header:  magic 8 | mark 16 | kind 4 | CRC-32C of these 4
 * entry:   head body
 * trailer: head
 * head:    mark 16 | position of this head in the segment 8 | body length 8 | CRC-32C of the body 4
 *          | mail id length 4 | envelope length 4 | CRC-32C of these and of what follows 4
 *          | mail id (UTF-8) | envelope
 * trailer-size: 4
 * </pre>
 *
 * <p>A head counts only where it says that it stands: a copy of a segment inside a body is no
 * entry.
 */
final class SegmentFormat {
    /** "PHSEGM01": the last two digits are the version. */
    static final long MAGIC = 0x50485345474D3031L;

    static final int PACKED = 1;
    static final int OBJECT = 2;

    static final int HEADER_SIZE = 32;
    static final int HEAD_SIZE = 48;
    static final int TRAILER_SIZE_SIZE = 4;

    /** Far above what is written; a longer one in a head is damage. */
    static final int LONGEST_MAIL_ID = 255;

    /** Likewise: an envelope of 1,000 recipients at their longest has about 1 MiB. */
    static final int LONGEST_ENVELOPE = 64 * 1024 * 1024;

    private static final int CHECKED_HEAD = HEAD_SIZE - Integer.BYTES;

    private SegmentFormat() {}

    static ByteBuffer header(SegmentMark mark, int kind) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_SIZE).putLong(MAGIC);
        mark.put(header);
        header.putInt(kind);
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, header.position());
        return header.putInt((int) crc.getValue()).flip();
    }

    /** Head with mail id, but without the envelope that follows it. */
    static ByteBuffer head(
            SegmentMark mark,
            long position,
            long bodyLength,
            int bodyCrc,
            byte[] mailId,
            ByteBuffer envelope) {
        requireFits(mailId.length, envelope.remaining());
        ByteBuffer head = ByteBuffer.allocate(HEAD_SIZE + mailId.length);
        mark.put(head);
        head.putLong(position).putLong(bodyLength).putInt(bodyCrc);
        head.putInt(mailId.length).putInt(envelope.remaining());
        CRC32C crc = new CRC32C();
        crc.update(head.array(), 0, CHECKED_HEAD);
        crc.update(mailId);
        crc.update(envelope.duplicate());
        return head.putInt((int) crc.getValue()).put(mailId).flip();
    }

    /** Refuses what would be taken for damage. */
    static void requireFits(int mailIdLength, int envelopeLength) {
        if (mailIdLength > LONGEST_MAIL_ID || envelopeLength > LONGEST_ENVELOPE) {
            throw new IllegalArgumentException(
                    "a mail id of "
                            + mailIdLength
                            + " and an envelope of "
                            + envelopeLength
                            + " bytes");
        }
    }

    /** Whether a head's CRC fits; {@code head} without, {@code names} with mail id and envelope. */
    static boolean isIntact(ByteBuffer head, ByteBuffer names) {
        CRC32C crc = new CRC32C();
        crc.update(head.slice(0, CHECKED_HEAD));
        crc.update(names.duplicate());
        return head.getInt(CHECKED_HEAD) == (int) crc.getValue();
    }
}
