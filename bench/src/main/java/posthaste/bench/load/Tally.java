package posthaste.bench.load;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts while a load is sent; used by the generator's thread alone. */
final class Tally {
    private static final long LONGEST = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 3;

    private final Histogram dotReply = new Histogram(LONGEST, DIGITS);
    private final Histogram mail = new Histogram(LONGEST, DIGITS);
    private final Map<Integer, Integer> refused = new TreeMap<>();
    private int accepted;
    private int lost;

    void accepted(long nanosSinceDot, long nanosSinceDue) {
        accepted++;
        record(dotReply, nanosSinceDot);
        record(mail, nanosSinceDue);
    }

    void refused(int code) {
        refused.merge(code, 1, Integer::sum);
    }

    void lost() {
        lost++;
    }

    int ended() {
        return accepted + lost + refused.values().stream().mapToInt(Integer::intValue).sum();
    }

    LoadResult result(Duration elapsed) {
        return new LoadResult(accepted, refused, lost, elapsed, dotReply, mail);
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 0, LONGEST));
    }
}
