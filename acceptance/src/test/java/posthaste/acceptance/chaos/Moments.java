package posthaste.acceptance.chaos;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where mails are on their way just now: so that a fault can wait for one at a certain step. */
final class Moments {
    /** A step of a mail's way that can be seen from outside. */
    enum Moment {
        /** A client is in the middle of its DATA. */
        CLIENT_DATA,
        /** A client has sent its final dot and waits. */
        CLIENT_DOT,
        /** A client has read its {@code 250}. */
        CLIENT_250,
        /** A transaction begins at the sink. */
        SINK_MAIL,
        /** The sink has read a final dot and has not answered. */
        SINK_DOT,
        /** The sink has answered {@code 250} to a final dot. */
        SINK_250,
        /** The sink has deferred a recipient. */
        SINK_451,
        /** The sink has refused a recipient: a notice is on its way. */
        SINK_550,
        /** A notification has reached the sender. */
        SINK_DSN
    }

    private record Watch(Moment moment, CountDownLatch left) {}

    private static final Watch NOBODY = new Watch(Moment.CLIENT_DATA, new CountDownLatch(0));

    private volatile Watch watch = NOBODY;

    /** A mail is there now. */
    void pass(Moment moment) {
        Watch now = watch;
        if (now.moment() == moment) {
            now.left().countDown();
        }
    }

    /** Waits until so many mails have come to this step; false when they did not. */
    boolean await(Moment moment, int mails, Duration atMost) throws InterruptedException {
        Watch mine = new Watch(moment, new CountDownLatch(mails));
        watch = mine;
        try {
            return mine.left().await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            watch = NOBODY;
        }
    }
}
