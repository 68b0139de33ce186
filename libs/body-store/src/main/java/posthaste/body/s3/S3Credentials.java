package posthaste.body.s3;

/** Who we are to the service. */
public sealed interface S3Credentials {

    /** An access key and its secret, which no text of this shows. */
    record Fixed(String accessKey, String secretKey) implements S3Credentials {
        @Override
        public String toString() {
            return "Fixed[" + accessKey + "]";
        }
    }

    /**
     * What the machine has: environment, profile, service account or instance, in the SDK's order.
     */
    record OfTheMachine() implements S3Credentials {}
}
