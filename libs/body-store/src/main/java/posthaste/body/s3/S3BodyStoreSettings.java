package posthaste.body.s3;

import java.time.Duration;

/**
 * How bodies are kept in a bucket.
 *
 * @param bucket that holds them
 * @param createBucket makes the bucket if it is not there
 * @param prefix of all keys, like {@code relay/}; may be empty
 * @param slot the span of time by which garbage is collected
 * @param cacheSize bytes of the memory budget that fresh bodies may take while nobody else needs
 *     them
 * @param gather how long a flush waits for more bodies, counted from its eldest; while they come
 *     one by one it does not wait
 * @param checksum by which the service checks what arrives
 * @param tuning what hardly anyone has to change
 */
public record S3BodyStoreSettings(
        String bucket,
        boolean createBucket,
        String prefix,
        Duration slot,
        long cacheSize,
        Duration gather,
        Checksum checksum,
        Tuning tuning) {

    /**
     * What hardly anyone has to change.
     *
     * @param smallBody bytes of the largest body that shares an object with others; a larger one is
     *     an object of its own
     * @param lanes that may flush at once, of each generation
     * @param batchSize bytes after which no more bodies are added to a batch
     * @param patience how long one lane may take for a batch until the next one steps in
     * @param partSize bytes of a part of a large body; less than 5 MiB is refused by most services
     * @param requestWait how long one request may take, its answer included
     * @param operationWait how long a request and its repetitions may take where nobody says
     *     otherwise; not longer than a slot, so that no key is older than that when its body is
     *     committed
     */
    public record Tuning(
            int smallBody,
            int lanes,
            int batchSize,
            Duration patience,
            int partSize,
            Duration requestWait,
            Duration operationWait) {

        /** Fit for services from the same rack to the same continent. */
        public static final Tuning DEFAULT =
                new Tuning(
                        1024 * 1024,
                        4,
                        4 * 1024 * 1024,
                        Duration.ofSeconds(1),
                        5 * 1024 * 1024,
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(20));

        public Tuning {
            require(smallBody >= 1, "the largest small body", smallBody, "at least 1 byte");
            require(lanes >= 1 && lanes <= 64, "the number of lanes", lanes, "1 to 64");
            require(batchSize >= 1, "the batch size", batchSize, "at least 1 byte");
            require(partSize >= smallBody, "the size of a part", partSize, "a small body or more");
            requirePositive(patience, "the patience with a lane");
            requirePositive(requestWait, "the wait for a request");
            requirePositive(operationWait, "the wait for an operation");
        }

        public Tuning withWaits(Duration request, Duration operation) {
            return new Tuning(smallBody, lanes, batchSize, patience, partSize, request, operation);
        }
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException which names what is wrong, the value, and what is allowed
     */
    public S3BodyStoreSettings {
        require(!bucket.isBlank(), "the bucket", "empty", "a name");
        require(
                slot.compareTo(Duration.ofSeconds(1)) >= 0
                        && slot.compareTo(Duration.ofDays(1)) <= 0
                        && slot.toMillis() % 1000 == 0,
                "the slot",
                slot,
                "whole seconds, up to a day");
        require(
                tuning.operationWait().compareTo(slot) <= 0,
                "the wait for an operation",
                tuning.operationWait(),
                "up to a slot (" + slot + ")");
        require(cacheSize >= 0, "the cache size", cacheSize, "0 bytes or more");
        require(!gather.isNegative(), "the gather time", gather, "nothing or more");
    }

    /** With what production has, and no cache. */
    public static S3BodyStoreSettings of(String bucket) {
        return new S3BodyStoreSettings(
                bucket,
                false,
                "",
                Duration.ofMinutes(10),
                0,
                Duration.ofMillis(50),
                Checksum.MD5,
                Tuning.DEFAULT);
    }

    public S3BodyStoreSettings creatingTheBucket(boolean create) {
        return new S3BodyStoreSettings(
                bucket, create, prefix, slot, cacheSize, gather, checksum, tuning);
    }

    public S3BodyStoreSettings withPrefix(String text) {
        return new S3BodyStoreSettings(
                bucket, createBucket, text, slot, cacheSize, gather, checksum, tuning);
    }

    public S3BodyStoreSettings withSlot(Duration length) {
        return new S3BodyStoreSettings(
                bucket, createBucket, prefix, length, cacheSize, gather, checksum, tuning);
    }

    public S3BodyStoreSettings withCacheSize(long bytes) {
        return new S3BodyStoreSettings(
                bucket, createBucket, prefix, slot, bytes, gather, checksum, tuning);
    }

    public S3BodyStoreSettings withGather(Duration wait) {
        return new S3BodyStoreSettings(
                bucket, createBucket, prefix, slot, cacheSize, wait, checksum, tuning);
    }

    public S3BodyStoreSettings withChecksum(Checksum other) {
        return new S3BodyStoreSettings(
                bucket, createBucket, prefix, slot, cacheSize, gather, other, tuning);
    }

    public S3BodyStoreSettings withTuning(Tuning other) {
        return new S3BodyStoreSettings(
                bucket, createBucket, prefix, slot, cacheSize, gather, checksum, other);
    }

    private static void requirePositive(Duration value, String what) {
        require(!value.isNegative() && !value.isZero(), what, value, "more than nothing");
    }

    private static void require(boolean valid, String what, Object value, String allowed) {
        if (!valid) {
            throw new IllegalArgumentException(what + " is " + value + "; allowed: " + allowed);
        }
    }
}
