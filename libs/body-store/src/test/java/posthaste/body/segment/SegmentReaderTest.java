package posthaste.body.segment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.MemoryBudget;
import posthaste.body.buffer.BodyBytes;
import posthaste.body.buffer.BodyTrailer;
import posthaste.body.buffer.SmallBody;

class SegmentReaderTest {
    private final MemoryBudget budget = new MemoryBudget(64 << 20);
    private final Random random = new Random(42);

    @Test
    void everyEntryIsListedInOrder() throws Exception {
        Segment segment = new Segment();
        for (int length : new int[] {0, 1, 100, 70_000, 200_000}) {
            segment.add(randomBytes(length));
        }
        assertThat(items(segment.bytes())).isEqualTo(segment.entries);
    }

    @Test
    void anEmptySegmentHasNothing() throws Exception {
        assertThat(items(new byte[0])).isEmpty();
        assertThat(items(new Segment().bytes())).isEmpty();
    }

    @Test
    void anObjectHasOneEntry() throws Exception {
        byte[] body = randomBytes(150_000);
        byte[] object = object(body);

        assertThat(items(object)).containsExactly(objectEntry(body, true));
    }

    @Test
    void aSegmentTornAnywhereKeepsAllEntriesBeforeTheTear() throws Exception {
        Segment segment = smallSegment();
        byte[] whole = segment.bytes();
        for (int length = 0; length < whole.length; length++) {
            List<SegmentItem> items = items(Arrays.copyOf(whole, length));
            assertThat(entriesOf(items)).as("torn at %s", length).isEqualTo(segment.before(length));
            if (length != 0 && length != SegmentFormat.HEADER_SIZE) {
                assertThat(end(items.getLast())).as("torn at %s", length).isEqualTo(length);
            }
        }
    }

    @Test
    void aFlippedBitCostsOneEntryAtMost() throws Exception {
        Segment segment = smallSegment();
        byte[] whole = segment.bytes();
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            List<SegmentItem.Entry> intact = intact(items(damaged));
            assertThat(segment.entries).as("bit %s", bit).containsAll(intact);
            assertThat(intact.size()).as("bit %s", bit).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void bytesLostOrAddedCostOneEntryAtMostAndNothingIsMadeUp() throws Exception {
        Segment segment = smallSegment();
        byte[] whole = segment.bytes();
        for (int round = 0; round < 2000; round++) {
            int from = random.nextInt(whole.length);
            int lost = random.nextInt(Math.min(60, whole.length - from));
            ByteArrayOutputStream damaged = new ByteArrayOutputStream();
            damaged.write(whole, 0, from);
            if (round % 2 == 0) {
                // What comes behind is where it was: a lost sector.
                damaged.write(randomBytes(lost));
            }
            damaged.write(whole, from + lost, whole.length - from - lost);
            assertThat(segment.entries).containsAll(intact(items(damaged.toByteArray())));
        }
    }

    @Test
    void damageIsSkippedToTheNextEntry() throws Exception {
        Segment segment = smallSegment();
        byte[] damaged = segment.bytes();
        SegmentItem.Entry second = segment.entries.get(1);
        int head = (int) segment.end(0);
        Arrays.fill(damaged, head, (int) second.offset() + 3, (byte) 0);

        assertThat(items(damaged))
                .containsExactly(
                        segment.entries.get(0),
                        new SegmentItem.Damage(head, segment.end(1)),
                        segment.entries.get(2),
                        segment.entries.get(3));
    }

    @Test
    void aDamagedBodyIsListedAsDamaged() throws Exception {
        Segment segment = smallSegment();
        byte[] damaged = segment.bytes();
        SegmentItem.Entry second = segment.entries.get(1);
        damaged[(int) second.offset()] ^= 1;

        assertThat(items(damaged))
                .containsExactly(
                        segment.entries.get(0),
                        damaged(second),
                        segment.entries.get(2),
                        segment.entries.get(3));
    }

    @Test
    void aBodyThatIsASegmentAddsNoEntries() throws Exception {
        Segment mailed = smallSegment();
        Segment segment = new Segment();
        segment.add(mailed.bytes());
        segment.add(randomBytes(10));
        byte[] damaged = segment.bytes();
        // The damage lies before the mailed segment's heads: they are what is found first.
        Arrays.fill(damaged, 32, 80, (byte) 0xff);

        assertThat(entriesOf(items(damaged))).containsExactly(segment.entries.get(1));
    }

    @Test
    void aBodyThatHoldsItsOwnSegmentAddsNoEntries() throws Exception {
        Segment segment = smallSegment();
        // As if somebody had mailed the segment, from a backup, into itself.
        segment.add(segment.bytes());
        segment.add(randomBytes(10));
        byte[] damaged = segment.bytes();
        int head = (int) segment.end(3);
        Arrays.fill(damaged, head, head + 20, (byte) 0xff);

        assertThat(intact(items(damaged)))
                .containsExactly(
                        segment.entries.get(0),
                        segment.entries.get(1),
                        segment.entries.get(2),
                        segment.entries.get(3),
                        segment.entries.get(5));
    }

    @Test
    void aMarkAcrossTwoWindowsIsFound() throws Exception {
        for (int around = 65_536 - 100; around < 65_536 + 100; around++) {
            Segment segment = new Segment();
            segment.add(randomBytes(around));
            segment.add(randomBytes(10));
            byte[] damaged = segment.bytes();
            damaged[40] ^= 1;
            assertThat(entriesOf(items(damaged))).containsExactly(segment.entries.get(1));
        }
    }

    @Test
    void anObjectTornOrDamagedAnywhereIsNeverTakenForIntact() throws Exception {
        byte[] body = randomBytes(300);
        byte[] whole = object(body);
        for (int length = 1; length < whole.length; length++) {
            List<SegmentItem> items = items(Arrays.copyOf(whole, length));
            // Only the last four bytes, the size of the trailer, can be done without.
            if (length < whole.length - 4) {
                assertThat(intact(items)).as("torn at %s", length).isEmpty();
            } else {
                assertThat(items).containsExactly(objectEntry(body, true));
            }
        }
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            List<SegmentItem.Entry> intact = intact(items(damaged));
            boolean inBody = at >= 32 && at < 32 + body.length;
            assertThat(inBody ? intact.isEmpty() : intact.size() <= 1).as("at %s", at).isTrue();
            assertThat(List.of(objectEntry(body, true))).containsAll(intact);
        }
    }

    @Test
    void noiseIsDamageAndNothingElse() throws Exception {
        for (int length = 1; length < 400; length++) {
            assertThat(items(randomBytes(length)))
                    .containsExactly(new SegmentItem.Damage(0, length));
        }
    }

    private Segment smallSegment() throws Exception {
        Segment segment = new Segment();
        segment.add(randomBytes(40));
        segment.add(randomBytes(200));
        segment.add(randomBytes(0));
        segment.add(randomBytes(90));
        return segment;
    }

    private static List<SegmentItem> items(byte[] segment) throws IOException {
        List<SegmentItem> items = new ArrayList<>();
        SegmentReader.read(new BytesSource(segment), items::add);
        return items;
    }

    private static List<SegmentItem.Entry> entriesOf(List<SegmentItem> items) {
        return items.stream()
                .filter(SegmentItem.Entry.class::isInstance)
                .map(SegmentItem.Entry.class::cast)
                .toList();
    }

    private static List<SegmentItem.Entry> intact(List<SegmentItem> items) {
        return entriesOf(items).stream().filter(SegmentItem.Entry::intact).toList();
    }

    private static SegmentItem.Entry damaged(SegmentItem.Entry entry) {
        return new SegmentItem.Entry(
                entry.mailId(),
                entry.envelope(),
                entry.offset(),
                entry.length(),
                entry.crc32c(),
                false);
    }

    private static long end(SegmentItem item) {
        return switch (item) {
            case SegmentItem.Damage damage -> damage.end();
            case SegmentItem.Entry entry -> entry.offset() + entry.length();
        };
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] object(byte[] body) {
        SegmentPacker packer = new SegmentPacker();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(packer.beginObject(), out);
        out.writeBytes(body);
        write(
                packer.endObject(
                        new BodyTrailer(
                                "large",
                                ByteBuffer.wrap("envelope".getBytes(UTF_8)),
                                body.length,
                                crc(body))),
                out);
        return out.toByteArray();
    }

    private static SegmentItem.Entry objectEntry(byte[] body, boolean intact) {
        return new SegmentItem.Entry(
                "large",
                ByteBuffer.wrap("envelope".getBytes(UTF_8)),
                SegmentPacker.OBJECT_BODY_OFFSET,
                body.length,
                crc(body),
                intact);
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static void write(ByteBuffer bytes, ByteArrayOutputStream out) {
        out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    /** A segment, and what is to be found in it. */
    private final class Segment {
        private final SegmentPacker packer = new SegmentPacker();
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final List<SegmentItem.Entry> entries = new ArrayList<>();

        Segment() {
            write(packer.beginPacked(), out);
        }

        void add(byte[] content) throws BudgetExhaustedException, InterruptedException {
            BodyBytes bytes = new BodyBytes(budget);
            bytes.append(content, 0, content.length, Integer.MAX_VALUE, Duration.ZERO);
            String mailId = "mail-" + entries.size();
            byte[] envelope = ("envelope of " + mailId).getBytes(UTF_8);
            SegmentPacker.Packed packed =
                    packer.pack(
                            new SmallBody(
                                    mailId, ByteBuffer.wrap(envelope), bytes, bytes.crc32c()));
            packed.bytes().forEach(part -> write(part, out));
            entries.add(
                    new SegmentItem.Entry(
                            mailId,
                            ByteBuffer.wrap(envelope),
                            packed.bodyOffset(),
                            content.length,
                            bytes.crc32c(),
                            true));
            assertThat(packer.size()).isEqualTo(out.size());
            bytes.release();
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        long end(int entry) {
            return entries.get(entry).offset() + entries.get(entry).length();
        }

        List<SegmentItem.Entry> before(int length) {
            return entries.stream()
                    .filter(entry -> length >= 32 && entry.offset() + entry.length() <= length)
                    .toList();
        }
    }
}
