package posthaste.body.s3;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.StoreUnavailableException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Looks whether the bucket is there and ours. A wrong name or credential is told at the start,
 * before any mail; a service that is merely away is no reason not to start.
 */
final class BucketWatch {
    private static final Logger LOG = LoggerFactory.getLogger(BucketWatch.class);
    private static final int FORBIDDEN = 403;

    /** A start can wait a little, a probe of the process's health cannot. */
    private static final Duration AT_START = Duration.ofSeconds(8);

    private static final Duration NOW = Duration.ofSeconds(2);

    private final S3Endpoint endpoint;
    private final Bucket bucket;
    private final boolean create;

    BucketWatch(S3Endpoint endpoint, Bucket bucket, boolean create) {
        this.endpoint = endpoint;
        this.bucket = bucket;
        this.create = create;
    }

    /**
     * Looks at the start.
     *
     * @throws S3RefusedException when the service will not have us
     */
    void start() throws S3RefusedException {
        try {
            look(AT_START);
        } catch (StoreUnavailableException e) {
            if (e.getCause() instanceof AwsServiceException answer
                    && S3Requests.outcome(S3Operation.HEAD_BUCKET, answer)
                            == S3RequestObserver.Outcome.REFUSED) {
                throw new S3RefusedException(sentence(answer), e);
            }
            LOG.warn(
                    "the body store at {} does not answer yet, nothing is accepted or delivered"
                            + " until it does: {}",
                    endpoint.name(),
                    e.getMessage());
        } catch (NotThereException e) {
            throw new S3RefusedException(
                    "there is no bucket '"
                            + bucket.name()
                            + "' at "
                            + endpoint.name()
                            + ", and it is not to be created",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new S3RefusedException("interrupted while looking for the bucket", e);
        }
    }

    /** What is wrong with the store now, if anything. */
    Optional<String> trouble() throws InterruptedException {
        try {
            look(NOW);
            return Optional.empty();
        } catch (StoreUnavailableException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (NotThereException e) {
            return Optional.of("there is no bucket '" + bucket.name() + "'");
        }
    }

    private void look(Duration wait)
            throws NotThereException, StoreUnavailableException, InterruptedException {
        Deadline deadline = Deadline.in(wait);
        try {
            requests(deadline);
        } catch (NotThereException e) {
            if (!create) {
                throw e;
            }
            create(deadline);
        }
    }

    private void requests(Deadline deadline)
            throws NotThereException, StoreUnavailableException, InterruptedException {
        bucket.requests()
                .find(
                        S3Operation.HEAD_BUCKET,
                        deadline,
                        limits ->
                                bucket.client()
                                        .headBucket(b ->
                                                b.bucket(bucket.name())
                                                        .overrideConfiguration(limits)));
    }

    private void create(Deadline deadline)
            throws NotThereException, StoreUnavailableException, InterruptedException {
        try {
            bucket.requests()
                    .make(
                            S3Operation.CREATE_BUCKET,
                            deadline,
                            limits ->
                                    bucket.client()
                                            .createBucket(b ->
                                                    b.bucket(bucket.name())
                                                            .overrideConfiguration(limits)));
            LOG.info("the bucket '{}' was created at {}", bucket.name(), endpoint.name());
        } catch (StoreUnavailableException e) {
            // All services start at once: another one may have been faster.
            try {
                requests(deadline);
            } catch (NotThereException | StoreUnavailableException again) {
                e.addSuppressed(again);
                throw e;
            }
        }
    }

    private String sentence(AwsServiceException answer) {
        return answer.statusCode() == FORBIDDEN
                ? endpoint.name()
                        + " refuses these credentials for the bucket '"
                        + bucket.name()
                        + "' (403): the access key, its secret or its permissions are wrong, or"
                        + " the bucket is somebody else's"
                : endpoint.name()
                        + " refuses the bucket '"
                        + bucket.name()
                        + "' ("
                        + answer.statusCode()
                        + "): its name, the region or path-style may be wrong";
    }
}
