package posthaste.body.s3;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.StoreUnavailableException;
import posthaste.body.s3.S3RequestObserver.Outcome;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Makes requests, repeats those that may do better the next time, and never takes longer than was
 * said: an answer that trickles counts as none. What an answer means is decided here alone.
 */
final class S3Requests {
    private static final Logger LOG = LoggerFactory.getLogger(S3Requests.class);
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(2);

    /** With less left than this a repetition has no chance. */
    private static final Duration TOO_LITTLE = Duration.ofMillis(20);

    private final Duration requestWait;
    private final S3RequestObserver observer;

    /** One request, which keeps to the limits that it is given. */
    @FunctionalInterface
    interface Request<T> {
        T send(AwsRequestOverrideConfiguration limits);
    }

    S3Requests(Duration requestWait, S3RequestObserver observer) {
        this.requestWait = requestWait;
        this.observer = observer;
    }

    /**
     * Makes a request, several times if need be.
     *
     * @throws NotThereException when the service says that what was asked for does not exist
     * @throws StoreUnavailableException when it refuses, or did not do it by the deadline
     */
    <T> T find(S3Operation operation, Deadline deadline, Request<T> request)
            throws NotThereException, StoreUnavailableException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            Duration left = deadline.left();
            if (left.compareTo(TOO_LITTLE) < 0) {
                throw new StoreUnavailableException("no time left to ask S3 for " + operation);
            }
            SdkException failure;
            long begun = System.nanoTime();
            try {
                T answer = request.send(limits(left));
                observer.done(operation, Outcome.OK, System.nanoTime() - begun);
                return answer;
            } catch (SdkException e) {
                failure = e;
            }
            long took = System.nanoTime() - begun;
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted in a request to S3");
            }
            Outcome outcome = outcome(operation, failure);
            observer.done(operation, outcome, took);
            switch (outcome) {
                case OK -> throw new IllegalStateException("a failure is no success", failure);
                case NOT_FOUND -> throw new NotThereException(text(failure), failure);
                case REFUSED ->
                        throw new StoreUnavailableException(
                                "S3 refuses " + operation + ": " + text(failure), failure);
                case THROTTLED, FAILED, TIMED_OUT -> pause(operation, attempt, deadline, failure);
            }
        }
    }

    /** The same where nothing can be missing. */
    <T> T make(S3Operation operation, Deadline deadline, Request<T> request)
            throws StoreUnavailableException, InterruptedException {
        try {
            return find(operation, deadline, request);
        } catch (NotThereException e) {
            throw new StoreUnavailableException(
                    "S3 lacks what " + operation + " wants: " + e.getMessage(), e);
        }
    }

    private AwsRequestOverrideConfiguration limits(Duration left) {
        Duration wait = left.compareTo(requestWait) < 0 ? left : requestWait;
        return AwsRequestOverrideConfiguration.builder().apiCallTimeout(wait).build();
    }

    private static void pause(
            S3Operation operation, int attempt, Deadline deadline, SdkException failure)
            throws StoreUnavailableException, InterruptedException {
        long longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(attempt, 10));
        // Many who failed together should not come back together.
        long pause = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
        if (deadline.left().minusNanos(pause).compareTo(TOO_LITTLE) < 0) {
            throw new StoreUnavailableException(
                    "S3 did not do "
                            + operation
                            + " in time, asked "
                            + (attempt + 1)
                            + " times: "
                            + text(failure),
                    failure);
        }
        LOG.debug("{} is asked for again", operation, failure);
        TimeUnit.NANOSECONDS.sleep(pause);
    }

    static Outcome outcome(S3Operation operation, SdkException failure) {
        return switch (failure) {
            case ApiCallTimeoutException _ -> Outcome.TIMED_OUT;
            case AwsServiceException answer ->
                    outcome(operation, answer.statusCode(), code(answer));
            default -> Outcome.FAILED;
        };
    }

    private static Outcome outcome(S3Operation operation, int status, String code) {
        return switch (status) {
            // A bucket that is not there is no statement about a body.
            case 404 ->
                    code.equals("NoSuchBucket") && operation != S3Operation.HEAD_BUCKET
                            ? Outcome.REFUSED
                            : Outcome.NOT_FOUND;
            case 429, 503 -> Outcome.THROTTLED;
            case 408 -> Outcome.FAILED;
            case 400 ->
                    switch (code) {
                        // What was sent did not arrive as it was.
                        case "BadDigest", "IncompleteBody", "InvalidDigest", "RequestTimeout" ->
                                Outcome.FAILED;
                        default -> Outcome.REFUSED;
                    };
            // The client has set its clock by the answer: the next signature fits.
            case 403 -> code.equals("RequestTimeTooSkewed") ? Outcome.FAILED : Outcome.REFUSED;
            default -> status >= 500 ? Outcome.FAILED : Outcome.REFUSED;
        };
    }

    static String code(AwsServiceException answer) {
        return answer.awsErrorDetails() == null || answer.awsErrorDetails().errorCode() == null
                ? ""
                : answer.awsErrorDetails().errorCode();
    }

    private static String text(SdkException failure) {
        return String.valueOf(failure.getMessage());
    }
}
