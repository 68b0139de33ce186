package posthaste.body.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import posthaste.body.buffer.Counters;
import posthaste.body.buffer.SmallBody;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.SegmentPacker;
import posthaste.mail.record.BodyRef;

/** A segment file that a lane appends to. */
final class OpenSegment {
    private final Folder folder;
    private final BodyKey key;
    private final Counters counters;
    private final SegmentPacker packer = new SegmentPacker();
    private final Disk.DiskFile file;
    private final ByteBuffer header = packer.beginPacked();

    /** Creates the file; its name is durable, its content not yet. */
    OpenSegment(Folder folder, BodyKey key, Counters counters) throws IOException {
        this.folder = folder;
        this.key = key;
        this.counters = counters;
        folder.ensureSlot(key);
        file = folder.disk().create(folder.path(key));
        folder.writers().incrementAndGet();
        folder.openSegments().add(key);
        try {
            folder.forceSlot(key);
        } catch (IOException e) {
            close(e);
            throw e;
        }
        counters.segments.increment();
    }

    Folder folder() {
        return folder;
    }

    BodyKey key() {
        return key;
    }

    long size() {
        return packer.size();
    }

    /**
     * Appends bodies and forces them; after a failure the segment must not be used again, since the
     * kernel may have dropped what it could not write and then report success.
     */
    List<BodyRef> append(List<SmallBody> bodies, ByteBuffer staging) throws IOException {
        long before = packer.size();
        String name = key.toString();
        List<BodyRef> refs = new ArrayList<>(bodies.size());
        staging.clear();
        stage(header, staging);
        for (SmallBody body : bodies) {
            SegmentPacker.Packed packed = packer.pack(body);
            for (ByteBuffer part : packed.bytes()) {
                stage(part, staging);
            }
            refs.add(new BodyRef(name, packed.bodyOffset(), body.bytes().length(), body.crc32c()));
        }
        file.write(staging.flip());
        counters.forces.increment();
        file.force();
        folder.wrote(packer.size() - before);
        return refs;
    }

    /** Closes the file; it stays as it is. */
    void close() throws IOException {
        folder.writers().decrementAndGet();
        folder.openSegments().remove(key);
        file.close();
    }

    /** Closes the file after a failure. */
    void close(IOException cause) {
        try {
            close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Copies {@code part} into the one write that is to come; writes only what does not fit. */
    private void stage(ByteBuffer part, ByteBuffer staging) throws IOException {
        while (part.remaining() > staging.remaining()) {
            ByteBuffer head = part.slice(part.position(), staging.remaining());
            part.position(part.position() + head.remaining());
            staging.put(head);
            file.write(staging.flip());
            staging.clear();
        }
        staging.put(part);
    }
}
