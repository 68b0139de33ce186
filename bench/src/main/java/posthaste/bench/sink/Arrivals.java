package posthaste.bench.sink;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import posthaste.bench.wire.MailMark;

/**
 * What has arrived of one run. Its lock is held for moments by the sink's thread and by who asks.
 */
public final class Arrivals {
    private static final long LONGEST = TimeUnit.HOURS.toMicros(1);

    private final int run;
    private final int mails;
    private final int recipients;
    private final int[] received;
    private final Histogram sinceDue = new Histogram(LONGEST, 3);
    private int whole;
    private long duplicates;
    private long last;

    /**
     * Expects a run.
     *
     * @param run as its marks say
     * @param mails numbered from 0
     * @param recipients of each mail
     */
    public Arrivals(int run, int mails, int recipients) {
        this.run = run;
        this.mails = mails;
        this.recipients = recipients;
        this.received = new int[mails];
    }

    synchronized void arrived(MailMark mark, int toRecipients) {
        if (mark.run() != run || mark.number() < 0 || mark.number() >= mails) {
            return;
        }
        last = System.nanoTime();
        int before = received[mark.number()];
        received[mark.number()] = before + toRecipients;
        duplicates +=
                Math.max(0, before + toRecipients - recipients) - Math.max(0, before - recipients);
        if (before < recipients && before + toRecipients >= recipients) {
            whole++;
            sinceDue.recordValue(
                    Math.clamp(TimeUnit.NANOSECONDS.toMicros(last - mark.dueAt()), 0, LONGEST));
            if (whole == mails) {
                notifyAll();
            }
        }
    }

    /**
     * Waits until every mail has arrived for all of its recipients.
     *
     * @return whether that was so in time
     */
    public synchronized boolean await(Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        while (whole < mails) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Mails that have arrived for all of their recipients. */
    public synchronized int whole() {
        return whole;
    }

    /** Recipients to whom a mail came once more than it should. */
    public synchronized long duplicates() {
        return duplicates;
    }

    /** When the last one came, on the clock of {@link System#nanoTime}; 0 before the first. */
    public synchronized long last() {
        return last;
    }

    /** From a mail's appointed time to its arrival, in microseconds. */
    public synchronized Histogram sinceDue() {
        return sinceDue.copy();
    }
}
