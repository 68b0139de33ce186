package posthaste.body.s3;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import posthaste.body.StoreUnavailableException;
import posthaste.body.segment.BodyKey;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedMultipartUpload;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** Objects that come in parts: nothing of them can be read before the last request. */
final class MultipartUploads {
    private final Bucket bucket;
    private final S3Client client;
    private final S3Requests requests;
    private final Checksum checksum;
    private final Set<String> ours = ConcurrentHashMap.newKeySet();

    /** One under way, used by one thread. */
    static final class Upload {
        private final BodyKey key;
        private final String id;
        private final List<CompletedPart> parts = new ArrayList<>();
        private long size;

        private Upload(BodyKey key, String id) {
            this.key = key;
            this.id = id;
        }

        BodyKey key() {
            return key;
        }
    }

    MultipartUploads(Bucket bucket, Checksum checksum) {
        this.bucket = bucket;
        this.client = bucket.client();
        this.requests = bucket.requests();
        this.checksum = checksum;
    }

    Upload begin(BodyKey key, Deadline deadline)
            throws StoreUnavailableException, InterruptedException {
        CreateMultipartUploadRequest.Builder request =
                CreateMultipartUploadRequest.builder()
                        .bucket(bucket.name())
                        .key(bucket.objectKey(key));
        checksum.addTo(request);
        String id =
                requests.make(
                                S3Operation.CREATE_UPLOAD,
                                deadline,
                                limits ->
                                        client.createMultipartUpload(
                                                request.overrideConfiguration(limits).build()))
                        .uploadId();
        ours.add(id);
        return new Upload(key, id);
    }

    void send(Upload upload, ByteBuffer content, Deadline deadline)
            throws StoreUnavailableException, InterruptedException {
        int number = upload.parts.size() + 1;
        List<ByteBuffer> views = List.of(content);
        UploadPartRequest.Builder request =
                UploadPartRequest.builder()
                        .bucket(bucket.name())
                        .key(bucket.objectKey(upload.key))
                        .uploadId(upload.id)
                        .partNumber(number);
        checksum.addTo(request, views);
        String tag =
                requests.make(
                                S3Operation.UPLOAD_PART,
                                deadline,
                                limits ->
                                        client.uploadPart(
                                                request.overrideConfiguration(limits).build(),
                                                Views.body(views)))
                        .eTag();
        CompletedPart.Builder part = CompletedPart.builder().partNumber(number).eTag(tag);
        checksum.addTo(part, views);
        upload.parts.add(part.build());
        upload.size += content.remaining();
    }

    /** Makes the object of its parts; done already counts as done. */
    void complete(Upload upload, Deadline deadline)
            throws StoreUnavailableException, InterruptedException {
        try {
            requests.find(
                    S3Operation.COMPLETE_UPLOAD,
                    deadline,
                    limits ->
                            client.completeMultipartUpload(b ->
                                    b.bucket(bucket.name())
                                            .key(bucket.objectKey(upload.key))
                                            .uploadId(upload.id)
                                            .multipartUpload(
                                                    CompletedMultipartUpload.builder()
                                                            .parts(upload.parts)
                                                            .build())
                                            .overrideConfiguration(limits)));
        } catch (NotThereException e) {
            // An earlier request may have done it, and only its answer was lost.
            requireObject(upload, deadline, e);
        }
        ours.remove(upload.id);
    }

    void abort(Upload upload) throws StoreUnavailableException, InterruptedException {
        abort(bucket.objectKey(upload.key), upload.id);
        ours.remove(upload.id);
    }

    /** Aborts what others have begun, and not gone on with since {@code limit}. */
    int abortOlderThan(Instant limit) throws StoreUnavailableException, InterruptedException {
        int aborted = 0;
        for (MultipartUpload one : all()) {
            if (bucket.bodyKey(one.key()) != null
                    && !ours.contains(one.uploadId())
                    && isBefore(one.initiated(), limit)
                    && lastPartIsBefore(one, limit)) {
                abort(one.key(), one.uploadId());
                aborted++;
            }
        }
        return aborted;
    }

    private void requireObject(Upload upload, Deadline deadline, NotThereException cause)
            throws StoreUnavailableException, InterruptedException {
        try {
            if (bucket.size(upload.key, deadline) == upload.size) {
                return;
            }
        } catch (NotThereException e) {
            cause.addSuppressed(e);
        }
        throw new StoreUnavailableException("the upload of " + upload.key + " is gone", cause);
    }

    private void abort(String objectKey, String id)
            throws StoreUnavailableException, InterruptedException {
        try {
            requests.find(
                    S3Operation.ABORT_UPLOAD,
                    bucket.deadline(),
                    limits ->
                            client.abortMultipartUpload(b ->
                                    b.bucket(bucket.name())
                                            .key(objectKey)
                                            .uploadId(id)
                                            .overrideConfiguration(limits)));
        } catch (NotThereException e) {
            // Which is what was wanted.
            return;
        }
    }

    private List<MultipartUpload> all() throws StoreUnavailableException, InterruptedException {
        List<MultipartUpload> all = new ArrayList<>();
        @Nullable String afterKey = null;
        @Nullable String afterId = null;
        boolean more = true;
        while (more) {
            String keyMarker = afterKey;
            String idMarker = afterId;
            ListMultipartUploadsResponse page =
                    requests.make(
                            S3Operation.LIST_UPLOADS,
                            bucket.deadline(),
                            limits ->
                                    client.listMultipartUploads(b ->
                                            b.bucket(bucket.name())
                                                    .keyMarker(keyMarker)
                                                    .uploadIdMarker(idMarker)
                                                    .overrideConfiguration(limits)));
            all.addAll(page.uploads());
            afterKey = page.nextKeyMarker();
            afterId = page.nextUploadIdMarker();
            more = Boolean.TRUE.equals(page.isTruncated()) && afterKey != null;
        }
        return all;
    }

    private boolean lastPartIsBefore(MultipartUpload upload, Instant limit)
            throws StoreUnavailableException, InterruptedException {
        @Nullable Integer after = null;
        boolean more = true;
        while (more) {
            Integer marker = after;
            ListPartsResponse page;
            try {
                page =
                        requests.find(
                                S3Operation.LIST_PARTS,
                                bucket.deadline(),
                                limits ->
                                        client.listParts(b ->
                                                b.bucket(bucket.name())
                                                        .key(upload.key())
                                                        .uploadId(upload.uploadId())
                                                        .partNumberMarker(marker)
                                                        .overrideConfiguration(limits)));
            } catch (NotThereException e) {
                return false;
            }
            if (!page.parts().stream().allMatch(part -> isBefore(part.lastModified(), limit))) {
                return false;
            }
            after = page.nextPartNumberMarker();
            more = Boolean.TRUE.equals(page.isTruncated()) && after != null;
        }
        return true;
    }

    private static boolean isBefore(@Nullable Instant time, Instant limit) {
        return time != null && time.isBefore(limit);
    }
}
