package posthaste.body.buffer;

import java.time.Duration;
import posthaste.body.Generation;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.record.BodyRef;

/** Counts what a sink takes and refuses, and keeps what it took fresh. */
public final class CountedSink implements BodySink {
    private final BodySink sink;
    private final Counters counters;
    private final FreshBodies fresh;

    private interface Step<T> {
        T run() throws StoreUnavailableException, InterruptedException;
    }

    public CountedSink(BodySink sink, Counters counters, FreshBodies fresh) {
        this.sink = sink;
        this.counters = counters;
        this.fresh = fresh;
    }

    @Override
    public void checkWritable(Generation generation) throws StoreUnavailableException {
        try {
            sink.checkWritable(generation);
        } catch (StoreUnavailableException e) {
            counters.refused.increment();
            throw e;
        }
    }

    @Override
    public BodyRef append(Generation generation, SmallBody body, Duration deadline)
            throws StoreUnavailableException, InterruptedException {
        BodyRef ref = counted(() -> sink.append(generation, body, deadline));
        stored(ref);
        fresh.put(ref, body.bytes());
        return ref;
    }

    @Override
    public BodyObject beginObject(Generation generation)
            throws StoreUnavailableException, InterruptedException {
        return new CountedObject(counted(() -> sink.beginObject(generation)));
    }

    private <T> T counted(Step<T> step) throws StoreUnavailableException, InterruptedException {
        try {
            return step.run();
        } catch (StoreUnavailableException e) {
            counters.refused.increment();
            throw e;
        }
    }

    private void stored(BodyRef ref) {
        counters.bodies.increment();
        counters.bytes.add(ref.length());
    }

    private final class CountedObject implements BodyObject {
        private final BodyObject object;

        CountedObject(BodyObject object) {
            this.object = object;
        }

        @Override
        public void write(BodyBytes bytes) throws StoreUnavailableException, InterruptedException {
            counted(() -> {
                object.write(bytes);
                return true;
            });
        }

        @Override
        public BodyRef commit(BodyBytes last, BodyTrailer trailer, Duration deadline)
                throws StoreUnavailableException, InterruptedException {
            BodyRef ref = counted(() -> object.commit(last, trailer, deadline));
            stored(ref);
            return ref;
        }

        @Override
        public void close() {
            object.close();
        }
    }
}
