package posthaste.service.settings;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.mail.record.Tier;

/**
 * When a mail that could not be delivered is tried again, and when it is given up.
 *
 * @param tiers waits between attempts, each with a topic of its own; the last one repeats. One that
 *     is taken away must be empty
 * @param lifetime how long after its acceptance a mail is tried (RFC 5321 section 4.5.4.1: 4 to 5
 *     days at least)
 * @param dsnLifetime the same for our own notifications
 * @param delayWarning after how long the sender is warned of a delay, if NOTIFY allows it
 */
@ConfigurationProperties(prefix = "posthaste.retry", ignoreUnknownFields = false)
public record RetryProperties(
        @DefaultValue({"1m", "5m", "15m", "1h", "4h"}) List<Duration> tiers,
        @DefaultValue("5d") Duration lifetime,
        @DefaultValue("1d") Duration dsnLifetime,
        @DefaultValue("4h") Duration delayWarning) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    public RetryProperties {
        tiers = List.copyOf(tiers);
        Setting.require(
                "tiers",
                tiers,
                isAscending(tiers),
                "a list of durations above 0, each longer than the last");
        Setting.between("lifetime", lifetime, SHORTEST, LONGEST);
        Setting.between("dsn-lifetime", dsnLifetime, SHORTEST, LONGEST);
        Setting.between("delay-warning", delayWarning, SHORTEST, LONGEST);
    }

    /** The tiers as the topics are named by them. */
    public List<Tier> delayTiers() {
        return tiers.stream().map(Tier::of).toList();
    }

    private static boolean isAscending(List<Duration> tiers) {
        Duration last = Duration.ZERO;
        for (Duration tier : tiers) {
            if (tier.compareTo(last) <= 0 || tier.toMillis() < 1) {
                return false;
            }
            last = tier;
        }
        return !tiers.isEmpty();
    }
}
