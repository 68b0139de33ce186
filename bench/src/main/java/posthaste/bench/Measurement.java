package posthaste.bench;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import posthaste.bench.load.LoadResult;

/**
 * What one scenario gave with one relay.
 *
 * @param relay its name
 * @param durability what it had done when it said 250
 * @param sent the client's side
 * @param arrived mails that the sink had when it was asked last
 * @param duplicates recipients to whom a mail came once more
 * @param relayed from the first mail's beginning to the last one's arrival
 * @param sinceDueP50 from a mail's appointed time to its arrival at the sink
 * @param connectionsOut that the relay opened to the sink
 * @param processorTime of the relay, all processes; empty when it runs elsewhere
 * @param memory most octets at a time; empty as above
 * @param flushes of the machine's disks while it ran, those of others included
 */
public record Measurement(
        String relay,
        String durability,
        Scenario scenario,
        LoadResult sent,
        int arrived,
        long duplicates,
        Duration relayed,
        Duration sinceDueP50,
        Duration sinceDueP99,
        long connectionsOut,
        Optional<Duration> processorTime,
        Optional<Long> memory,
        OptionalDouble flushes) {

    /** Mails a second that went all the way. */
    public double relayRate() {
        return arrived * 1e9 / relayed.toNanos();
    }

    /** Milliseconds of processor time a mail. */
    public OptionalDouble processorMillis() {
        return processorTime.isPresent() && arrived > 0
                ? OptionalDouble.of(processorTime.get().toNanos() / 1e6 / arrived)
                : OptionalDouble.empty();
    }

    /** Flushes a mail. */
    public OptionalDouble flushesPerMail() {
        return flushes.isPresent() && arrived > 0
                ? OptionalDouble.of(flushes.getAsDouble() / arrived)
                : OptionalDouble.empty();
    }

    /** Whether every mail was accepted and arrived once. */
    public boolean isWhole() {
        return arrived == scenario.mails()
                && sent.accepted() == scenario.mails()
                && duplicates == 0;
    }
}
