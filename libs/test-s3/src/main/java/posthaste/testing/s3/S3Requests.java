package posthaste.testing.s3;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** How often the server was asked what, refused and lost requests included. */
public final class S3Requests {
    private final Map<S3Operation, LongAdder> counts = new EnumMap<>(S3Operation.class);

    S3Requests() {
        for (S3Operation operation : S3Operation.values()) {
            counts.put(operation, new LongAdder());
        }
    }

    void count(S3Operation operation) {
        adder(operation).increment();
    }

    public long of(S3Operation operation) {
        return adder(operation).sum();
    }

    /** Requests that write, as a bill has it: PUT, POST and parts of multipart uploads. */
    public long puts() {
        return of(S3Operation.PUT_OBJECT)
                + of(S3Operation.CREATE_MULTIPART_UPLOAD)
                + of(S3Operation.UPLOAD_PART)
                + of(S3Operation.COMPLETE_MULTIPART_UPLOAD);
    }

    /** From now on counted anew. */
    public void reset() {
        counts.values().forEach(LongAdder::reset);
    }

    /** One line an operation. */
    @Override
    public String toString() {
        return counts.entrySet().stream()
                .map(one -> one.getKey().name().toLowerCase(Locale.ROOT) + ' ' + one.getValue())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private LongAdder adder(S3Operation operation) {
        LongAdder count = counts.get(operation);
        if (count == null) {
            throw new IllegalStateException("not counted: " + operation);
        }
        return count;
    }
}
