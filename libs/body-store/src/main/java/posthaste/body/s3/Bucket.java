package posthaste.body.s3;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.segment.BodyKey;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Whole objects of one bucket, below a prefix that nobody above has to know. */
final class Bucket {
    /** What our keys say instead of a folder. */
    static final String PLACE = "s3";

    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final S3Client client;
    private final S3Requests requests;
    private final S3BodyStoreSettings settings;

    Bucket(S3Client client, S3Requests requests, S3BodyStoreSettings settings) {
        this.client = client;
        this.requests = requests;
        this.settings = settings;
    }

    S3Client client() {
        return client;
    }

    S3Requests requests() {
        return requests;
    }

    String name() {
        return settings.bucket();
    }

    String objectKey(BodyKey key) {
        return settings.prefix() + key;
    }

    /** Without the prefix; null when it is no key of ours. */
    @Nullable BodyKey bodyKey(String objectKey) {
        if (!objectKey.startsWith(settings.prefix())) {
            return null;
        }
        try {
            BodyKey key = BodyKey.parse(objectKey.substring(settings.prefix().length()));
            return key.place().equals(PLACE) ? key : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** For what nobody has set a deadline. */
    Deadline deadline() {
        return Deadline.in(settings.tuning().operationWait());
    }

    /** Stores an object whole; a repetition stores the same. */
    void put(BodyKey key, List<ByteBuffer> content, Deadline deadline)
            throws StoreUnavailableException, InterruptedException {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(name()).key(objectKey(key));
        settings.checksum().addTo(request, content);
        requests.make(
                S3Operation.PUT_OBJECT,
                deadline,
                limits ->
                        client.putObject(
                                request.overrideConfiguration(limits).build(),
                                Views.body(content)));
    }

    /**
     * Fills the views with bytes of an object.
     *
     * @throws EOFException when the object ends before
     * @throws MissingBodyException when there is no such object, and the bucket's list has none
     */
    void read(BodyKey key, long position, List<ByteBuffer> views)
            throws EOFException,
                    MissingBodyException,
                    StoreUnavailableException,
                    InterruptedException {
        long length = Views.size(views);
        Deadline deadline = deadline();
        try {
            long got =
                    requests.find(
                            S3Operation.GET_OBJECT,
                            deadline,
                            limits -> get(key, position, length, views, limits));
            if (got < length) {
                throw new EOFException(key + " ends before " + (position + length));
            }
        } catch (NotThereException e) {
            confirmMissing(key, deadline, e);
        }
    }

    private long get(
            BodyKey key,
            long position,
            long length,
            List<ByteBuffer> views,
            AwsRequestOverrideConfiguration limits) {
        try {
            return client.getObject(
                    b ->
                            b.bucket(name())
                                    .key(objectKey(key))
                                    .range("bytes=" + position + '-' + (position + length - 1))
                                    .overrideConfiguration(limits),
                    (GetObjectResponse answer, AbortableInputStream in) -> {
                        if (answer.contentRange() == null && position > 0) {
                            throw new IOException("S3 has ignored the range asked for");
                        }
                        long got = 0;
                        for (ByteBuffer view : views) {
                            got +=
                                    in.readNBytes(
                                            view.array(),
                                            view.arrayOffset() + view.position(),
                                            view.remaining());
                        }
                        return got;
                    });
        } catch (S3Exception e) {
            if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
                return 0;
            }
            throw e;
        }
    }

    /**
     * A body is poison when it is missing, so one answer is not enough: the list has to say so too.
     */
    void confirmMissing(BodyKey key, Deadline deadline, NotThereException cause)
            throws MissingBodyException, StoreUnavailableException, InterruptedException {
        String objectKey = objectKey(key);
        ListObjectsV2Response listed =
                requests.make(
                        S3Operation.LIST_OBJECTS,
                        deadline,
                        limits ->
                                client.listObjectsV2(b ->
                                        b.bucket(name())
                                                .prefix(objectKey)
                                                .maxKeys(1)
                                                .overrideConfiguration(limits)));
        if (listed.contents().stream().anyMatch(object -> object.key().equals(objectKey))) {
            throw new StoreUnavailableException("S3 lists " + key + ", but has it not", cause);
        }
        MissingBodyException missing = new MissingBodyException(key.toString());
        missing.initCause(cause);
        throw missing;
    }

    /** Its size in bytes. */
    long size(BodyKey key, Deadline deadline)
            throws NotThereException, StoreUnavailableException, InterruptedException {
        HeadObjectResponse head =
                requests.find(
                        S3Operation.HEAD_OBJECT,
                        deadline,
                        limits ->
                                client.headObject(b ->
                                        b.bucket(name())
                                                .key(objectKey(key))
                                                .overrideConfiguration(limits)));
        return head.contentLength();
    }

    /** Has the service copy an object to another key. */
    void copy(BodyKey from, BodyKey to, Deadline deadline)
            throws StoreUnavailableException, InterruptedException {
        requests.make(
                S3Operation.COPY_OBJECT,
                deadline,
                limits ->
                        client.copyObject(b ->
                                b.sourceBucket(name())
                                        .sourceKey(objectKey(from))
                                        .destinationBucket(name())
                                        .destinationKey(objectKey(to))
                                        .overrideConfiguration(limits)));
    }

    void delete(BodyKey key) throws StoreUnavailableException, InterruptedException {
        requests.make(
                S3Operation.DELETE_OBJECT,
                deadline(),
                limits ->
                        client.deleteObject(b ->
                                b.bucket(name())
                                        .key(objectKey(key))
                                        .overrideConfiguration(limits)));
    }

    /** Deletes up to 1,000 objects with one request. */
    void delete(List<BodyKey> keys) throws StoreUnavailableException, InterruptedException {
        List<ObjectIdentifier> objects =
                keys.stream()
                        .map(key -> ObjectIdentifier.builder().key(objectKey(key)).build())
                        .toList();
        DeleteObjectsResponse answer =
                requests.make(
                        S3Operation.DELETE_OBJECTS,
                        deadline(),
                        limits ->
                                client.deleteObjects(b ->
                                        b.bucket(name())
                                                .delete(
                                                        Delete.builder()
                                                                .objects(objects)
                                                                .quiet(true)
                                                                .build())
                                                .overrideConfiguration(limits)));
        if (!answer.errors().isEmpty()) {
            throw new StoreUnavailableException(
                    "S3 did not delete "
                            + answer.errors().size()
                            + " objects, the first because of: "
                            + answer.errors().getFirst().message());
        }
    }

    /** Visits all objects below the prefix, page by page. */
    void list(Consumer<S3Object> visitor) throws StoreUnavailableException, InterruptedException {
        @Nullable String token = null;
        do {
            String after = token;
            ListObjectsV2Response page =
                    requests.make(
                            S3Operation.LIST_OBJECTS,
                            deadline(),
                            limits ->
                                    client.listObjectsV2(b ->
                                            b.bucket(name())
                                                    .prefix(settings.prefix())
                                                    .continuationToken(after)
                                                    .overrideConfiguration(limits)));
            page.contents().forEach(visitor);
            token = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
        } while (token != null);
    }
}
