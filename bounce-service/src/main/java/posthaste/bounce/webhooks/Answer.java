package posthaste.bounce.webhooks;

import java.time.Duration;
import java.util.Optional;

/** What came of a request. */
sealed interface Answer {

    /** A status of 200 to 299: the events are the endpoint's now. */
    record Taken() implements Answer {}

    /** Any other status: redirects, too. */
    record Refused(int status, Optional<Duration> retryAfter) implements Answer {
        private static final int CONTENT_TOO_LARGE = 413;

        boolean isTooLarge() {
            return status == CONTENT_TOO_LARGE;
        }
    }

    /**
     * No status came in time.
     *
     * @param why in a few words
     */
    record Silent(String why) implements Answer {}
}
