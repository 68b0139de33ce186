package posthaste.delivery;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.mail.envelope.Stream;
import posthaste.outbound.AttemptBudget;
import posthaste.service.settings.Setting;

/**
 * The one attempt.
 *
 * @param shares of the records in flight by stream, relative to each other (default: {@code
 *     transactional} 60, {@code bulk} 30, {@code dsn} 10); a stream that is not named has 10
 * @param attemptBudget for all steps before the final dot together, the wait for a connection
 *     included; longer makes good mail wait for slow destinations
 */
@ConfigurationProperties(prefix = "posthaste.delivery", ignoreUnknownFields = false)
public record DeliveryProperties(
        @DefaultValue Map<String, Integer> shares, @DefaultValue("30s") Duration attemptBudget) {
    private static final Map<String, Integer> USUAL =
            Map.of("transactional", 60, "bulk", 30, "dsn", 10);
    private static final int UNNAMED = 10;

    public DeliveryProperties {
        shares = Map.copyOf(shares);
        shares.forEach((stream, share) -> Setting.between("shares." + stream, share, 1, 1000));
        Setting.between(
                "attempt-budget", attemptBudget, Duration.ofMillis(100), Duration.ofMinutes(10));
    }

    /** The budget of an attempt; after the dot shorter waits make duplicates. */
    AttemptBudget budget() {
        return new AttemptBudget(attemptBudget, attemptBudget, AttemptBudget.PRIMARY.afterDot());
    }

    /** Each stream's part of {@code inFlight}, at least one record. */
    Map<Stream, Integer> parts(List<Stream> streams, int inFlight) {
        int all = streams.stream().mapToInt(this::share).sum();
        Map<Stream, Integer> parts = new LinkedHashMap<>();
        for (Stream stream : streams) {
            parts.put(stream, Math.max(1, (int) ((long) inFlight * share(stream) / all)));
        }
        return parts;
    }

    private int share(Stream stream) {
        return shares.getOrDefault(stream.name(), USUAL.getOrDefault(stream.name(), UNNAMED));
    }
}
