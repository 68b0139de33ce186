package posthaste.body.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import posthaste.body.Generation;
import posthaste.body.StoreUnavailableException;
import posthaste.body.buffer.Counters;
import posthaste.body.buffer.SmallBody;
import posthaste.body.segment.Flusher;
import posthaste.body.segment.SegmentNames;
import posthaste.mail.record.BodyRef;

/**
 * The open segments of one generation, one for each lane. A lane is not bound to a folder: whenever
 * it begins a segment it takes the best one, so lanes spread over the disks, and a disk that fails
 * or fills up is left behind.
 */
final class SegmentFiles implements Flusher {
    private final Generation generation;
    private final Folders folders;
    private final long allowance;
    private final SegmentNames names;
    private final long segmentSize;
    private final StagingBuffers staging;
    private final Counters counters;
    private final Runnable beforeNewSegment;
    private final List<Lane> lanes = new ArrayList<>();

    private static final class Lane {
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable OpenSegment segment;
    }

    SegmentFiles(
            Generation generation,
            int lanes,
            Folders folders,
            long allowance,
            SegmentNames names,
            long segmentSize,
            StagingBuffers staging,
            Counters counters,
            Runnable beforeNewSegment) {
        this.generation = generation;
        this.folders = folders;
        this.allowance = allowance;
        this.names = names;
        this.segmentSize = segmentSize;
        this.staging = staging;
        this.counters = counters;
        this.beforeNewSegment = beforeNewSegment;
        for (int i = 0; i < lanes; i++) {
            this.lanes.add(new Lane());
        }
    }

    @Override
    public List<BodyRef> flush(int number, List<SmallBody> batch) throws StoreUnavailableException {
        Lane lane = lanes.get(number);
        lane.lock.lock();
        try {
            return flush(lane, batch);
        } finally {
            lane.lock.unlock();
        }
    }

    /** Closes segments that nothing will be appended to, unless a lane is just busy with them. */
    void closePastSlots() {
        for (Lane lane : lanes) {
            if (lane.lock.tryLock()) {
                try {
                    OpenSegment segment = lane.segment;
                    if (segment != null && !segment.key().slot().equals(names.currentSlot())) {
                        leave(lane, segment);
                    }
                } finally {
                    lane.lock.unlock();
                }
            }
        }
    }

    /** Closes all segments, but for those in which a disk hangs. */
    void close() {
        for (Lane lane : lanes) {
            if (lane.lock.tryLock()) {
                try {
                    if (lane.segment != null) {
                        leave(lane, lane.segment);
                    }
                } finally {
                    lane.lock.unlock();
                }
            }
        }
    }

    private List<BodyRef> flush(Lane lane, List<SmallBody> batch) throws StoreUnavailableException {
        List<IOException> failures = new ArrayList<>();
        for (int attempt = 0; attempt <= folders.all().size(); attempt++) {
            Folder folder = chooseFolder(lane, failures);
            ByteBuffer buffer = staging.take();
            folder.beginFlush(lane);
            boolean durable = false;
            try {
                List<BodyRef> refs = segment(lane, folder).append(batch, buffer);
                durable = true;
                return refs;
            } catch (IOException e) {
                folder.failed(e);
                failures.add(e);
            } finally {
                if (!durable && lane.segment != null) {
                    leave(lane, lane.segment);
                }
                staging.giveBack(buffer);
                folder.endFlush(lane);
            }
        }
        StoreUnavailableException all =
                new StoreUnavailableException("every body folder failed in turn");
        failures.forEach(all::addSuppressed);
        throw all;
    }

    private Folder chooseFolder(Lane lane, List<IOException> failures)
            throws StoreUnavailableException {
        OpenSegment segment = lane.segment;
        if (segment != null) {
            if (segment.size() < segmentSize
                    && segment.key().slot().equals(names.currentSlot())
                    && folders.mayStayIn(segment.folder(), allowance)) {
                return segment.folder();
            }
            leave(lane, segment);
        }
        try {
            return folders.best(allowance);
        } catch (StoreUnavailableException none) {
            failures.forEach(none::addSuppressed);
            throw none;
        }
    }

    private OpenSegment segment(Lane lane, Folder folder) throws IOException {
        OpenSegment segment = lane.segment;
        if (segment == null) {
            beforeNewSegment.run();
            segment = new OpenSegment(folder, names.next(generation, folder.id()), counters);
            lane.segment = segment;
        }
        return segment;
    }

    private static void leave(Lane lane, OpenSegment segment) {
        lane.segment = null;
        try {
            segment.close();
        } catch (IOException e) {
            // Everything that someone relies on was forced before; this is the disk's next sign.
            segment.folder().failed(e);
        }
    }
}
