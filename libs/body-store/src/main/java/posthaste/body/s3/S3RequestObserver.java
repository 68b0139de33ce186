package posthaste.body.s3;

/** Is told of every request when it is over; called by the thread that made it. */
@FunctionalInterface
public interface S3RequestObserver {

    /** How a request ended. */
    enum Outcome {
        OK,
        /** There is no such object. */
        NOT_FOUND,
        /** The service will not do it: credentials, permissions, a bucket that is not there. */
        REFUSED,
        /** The service has too much to do. */
        THROTTLED,
        /** The service or the way there failed. */
        FAILED,
        /** No answer in time. */
        TIMED_OUT
    }

    /** Told after each request, retries included. */
    void done(S3Operation operation, Outcome outcome, long nanos);
}
