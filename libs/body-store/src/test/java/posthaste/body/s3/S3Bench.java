package posthaste.body.s3;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import posthaste.body.MemoryBudget;
import posthaste.mail.record.BodyRef;
import posthaste.testing.s3.S3Server;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A server with a bucket of its own for each test, and a look behind the store's back. */
final class S3Bench implements AutoCloseable {
    final S3Server server;
    final S3Client client;
    final String bucket = "bodies-" + UUID.randomUUID();
    volatile Instant now = Instant.parse("2026-11-22T08:19:59Z");
    final AtomicLong observed = new AtomicLong();
    private final Path folder;

    S3Bench(S3Server server, Path folder) throws S3RefusedException {
        this.server = server;
        this.folder = folder;
        this.client = S3Clients.open(endpoint(S3Server.SECRET_KEY), Duration.ofSeconds(20));
        server.faults().clear();
        server.createBucket(bucket);
        server.requests().reset();
    }

    S3Endpoint endpoint(String secret) {
        return endpoint(server.endpoint(), secret);
    }

    static S3Endpoint endpoint(URI uri, String secret) {
        return new S3Endpoint(
                Optional.of(uri),
                "us-east-1",
                true,
                new S3Credentials.Fixed(S3Server.ACCESS_KEY, secret),
                100,
                Optional.empty());
    }

    S3BodyStoreSettings settings() {
        return S3BodyStoreSettings.of(bucket);
    }

    InstantSource clock() {
        return () -> now;
    }

    S3BodyStore open(S3BodyStoreSettings settings, MemoryBudget budget) throws S3RefusedException {
        return new S3BodyStore(
                settings,
                endpoint(S3Server.SECRET_KEY),
                budget,
                clock(),
                (_, _, _) -> observed.incrementAndGet());
    }

    void damage(BodyRef ref) throws IOException {
        try (FileChannel file =
                FileChannel.open(
                        fileOf(ref.key()), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long at = ref.offset() + ref.length() / 2;
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 1)).flip();
            file.write(one, at);
        }
    }

    Path fileOf(String key) {
        return folder.resolve(bucket).resolve(key);
    }

    void lose(BodyRef ref) {
        client.deleteObject(b -> b.bucket(bucket).key(ref.key()));
    }

    /** Of objects and of the parts of unfinished uploads. */
    long bytesFound() {
        long objects =
                client.listObjectsV2Paginator(b -> b.bucket(bucket)).contents().stream()
                        .mapToLong(S3Object::size)
                        .sum();
        long parts =
                client.listMultipartUploads(b -> b.bucket(bucket)).uploads().stream()
                        .flatMap(upload ->
                                client
                                        .listParts(b ->
                                                b.bucket(bucket)
                                                        .key(upload.key())
                                                        .uploadId(upload.uploadId()))
                                        .parts()
                                        .stream())
                        .mapToLong(part -> part.size())
                        .sum();
        return objects + parts;
    }

    long unfinishedUploads() {
        return client.listMultipartUploads(b -> b.bucket(bucket)).uploads().size();
    }

    @Override
    public void close() {
        server.faults().clear();
        client.close();
    }
}
