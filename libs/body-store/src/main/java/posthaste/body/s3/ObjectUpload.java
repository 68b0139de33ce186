package posthaste.body.s3;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.Generation;
import posthaste.body.StoreUnavailableException;
import posthaste.body.buffer.BodyBytes;
import posthaste.body.buffer.BodyObject;
import posthaste.body.buffer.BodyTrailer;
import posthaste.body.buffer.Counters;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.SegmentNames;
import posthaste.body.segment.SegmentPacker;
import posthaste.mail.record.BodyRef;

/**
 * A large body on its way into an object of its own: part by part while it comes, or at once when
 * it ends within the first part.
 */
final class ObjectUpload implements BodyObject {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectUpload.class);

    private final Generation generation;
    private final Bucket bucket;
    private final MultipartUploads uploads;
    private final PartMemory memory;
    private final SegmentNames names;
    private final Duration partWait;
    private final Executor cleaning;
    private final Counters counters;
    private final SegmentPacker packer = new SegmentPacker();
    private PartMemory.@Nullable Part part;
    private MultipartUploads.@Nullable Upload upload;
    private @Nullable BodyKey attempted;
    private boolean committed;

    ObjectUpload(
            Generation generation,
            Bucket bucket,
            MultipartUploads uploads,
            PartMemory memory,
            SegmentNames names,
            Duration partWait,
            Executor cleaning,
            Counters counters)
            throws StoreUnavailableException, InterruptedException {
        this.generation = generation;
        this.bucket = bucket;
        this.uploads = uploads;
        this.memory = memory;
        this.names = names;
        this.partWait = partWait;
        this.cleaning = cleaning;
        this.counters = counters;
        append(packer.beginObject(), partWait);
    }

    @Override
    public void write(BodyBytes bytes) throws StoreUnavailableException, InterruptedException {
        for (ByteBuffer view : bytes.views()) {
            append(view, partWait);
        }
    }

    @Override
    public BodyRef commit(BodyBytes last, BodyTrailer trailer, Duration wait)
            throws StoreUnavailableException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Deadline deadline = Deadline.in(wait);
        for (ByteBuffer view : last.views()) {
            append(view, deadline.left());
        }
        append(packer.endObject(trailer), deadline.left());
        BodyKey key = upload == null ? putWhole(deadline) : complete(upload, deadline);
        committed = true;
        counters.objects.increment();
        counters.forces.increment();
        return new BodyRef(
                key.toString(),
                SegmentPacker.OBJECT_BODY_OFFSET,
                trailer.length(),
                trailer.crc32c());
    }

    @Override
    public void close() {
        freePart();
        if (!committed) {
            cleaning.execute(this::remove);
        }
    }

    private void append(ByteBuffer bytes, Duration wait)
            throws StoreUnavailableException, InterruptedException {
        while (bytes.hasRemaining()) {
            PartMemory.Part filling = part;
            if (filling == null) {
                filling = memory.take(wait);
                part = filling;
            }
            filling.fill(bytes);
            if (filling.isFull()) {
                send(filling, Deadline.in(wait));
            }
        }
    }

    private void send(PartMemory.Part full, Deadline deadline)
            throws StoreUnavailableException, InterruptedException {
        MultipartUploads.Upload into = upload;
        if (into == null) {
            into = uploads.begin(names.next(generation, Bucket.PLACE), deadline);
            upload = into;
        }
        uploads.send(into, full.content(), deadline);
        freePart();
    }

    private BodyKey putWhole(Deadline deadline)
            throws StoreUnavailableException, InterruptedException {
        BodyKey key = names.next(generation, Bucket.PLACE);
        attempted = key;
        PartMemory.Part whole = part;
        bucket.put(key, whole == null ? List.of() : List.of(whole.content()), deadline);
        freePart();
        return key;
    }

    private BodyKey complete(MultipartUploads.Upload into, Deadline deadline)
            throws StoreUnavailableException, InterruptedException {
        if (part != null) {
            uploads.send(into, part.content(), deadline);
            freePart();
        }
        attempted = into.key();
        uploads.complete(into, deadline);
        if (!names.isStale(into.key().slot())) {
            return into.key();
        }
        // The client took longer than a slot: under this key the body would be dropped too early.
        BodyKey current = names.next(generation, Bucket.PLACE);
        bucket.copy(into.key(), current, deadline);
        cleaning.execute(() -> delete(into.key()));
        return current;
    }

    private void freePart() {
        if (part != null) {
            part.close();
            part = null;
        }
    }

    /** Whether it was stored or not: nobody will ever refer to it. */
    private void remove() {
        if (upload != null) {
            try {
                uploads.abort(upload);
            } catch (StoreUnavailableException e) {
                LOG.warn("an unfinished upload is left behind: {}", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (attempted != null) {
            delete(attempted);
        }
    }

    private void delete(BodyKey key) {
        try {
            bucket.delete(key);
        } catch (StoreUnavailableException e) {
            LOG.warn("{} is left behind until its slot goes: {}", key, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
