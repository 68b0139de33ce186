package posthaste.bench.load;

import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What became of a load at the client's side.
 *
 * @param accepted mails that had a {@code 250}
 * @param refused mails by the code that refused them
 * @param lost mails whose connection was lost, or that waited too long for an answer
 * @param elapsed from the first mail's beginning to the last one's end
 * @param dotReply from the last octet of a message to its reply, in microseconds
 * @param mail from a mail's appointed time to its reply, connection included, in microseconds: in
 *     an open loop also what it waited for a session, which a closed loop would hide
 */
public record LoadResult(
        int accepted,
        Map<Integer, Integer> refused,
        int lost,
        Duration elapsed,
        Histogram dotReply,
        Histogram mail) {
    public LoadResult {
        refused = Map.copyOf(refused);
    }

    /** Mails accepted a second. */
    public double rate() {
        return accepted * 1e9 / elapsed.toNanos();
    }
}
