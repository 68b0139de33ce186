package posthaste.body.s3;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import posthaste.body.Generation;
import posthaste.body.StoreUnavailableException;
import posthaste.body.buffer.Counters;
import posthaste.body.buffer.SmallBody;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.Flusher;
import posthaste.body.segment.SegmentNames;
import posthaste.body.segment.SegmentPacker;
import posthaste.mail.record.BodyRef;

/** Makes a batch of small bodies durable as one object, sent from the memory that they are in. */
final class SegmentUpload implements Flusher {
    private final Generation generation;
    private final Bucket bucket;
    private final SegmentNames names;
    private final Counters counters;

    SegmentUpload(Generation generation, Bucket bucket, SegmentNames names, Counters counters) {
        this.generation = generation;
        this.bucket = bucket;
        this.names = names;
        this.counters = counters;
    }

    @Override
    public List<BodyRef> flush(int lane, List<SmallBody> batch) throws StoreUnavailableException {
        BodyKey key = names.next(generation, Bucket.PLACE);
        String name = key.toString();
        SegmentPacker packer = new SegmentPacker();
        List<ByteBuffer> content = new ArrayList<>(3 * batch.size() + 1);
        List<BodyRef> refs = new ArrayList<>(batch.size());
        content.add(packer.beginPacked());
        for (SmallBody body : batch) {
            SegmentPacker.Packed packed = packer.pack(body);
            content.addAll(packed.bytes());
            refs.add(new BodyRef(name, packed.bodyOffset(), body.bytes().length(), body.crc32c()));
        }
        try {
            // Who waits gives up when its own time is over; the lane needs an end of its own.
            bucket.put(key, content, bucket.deadline());
        } catch (StoreUnavailableException e) {
            counters.failures.increment();
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("a lane was interrupted", e);
        }
        counters.segments.increment();
        counters.forces.increment();
        return refs;
    }
}
