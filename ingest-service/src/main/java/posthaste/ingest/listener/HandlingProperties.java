package posthaste.ingest.listener;

import static posthaste.service.settings.Setting.between;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.ingest.smtp.HandlingOffer;

/**
 * What clients may ask for beyond the ordinary.
 *
 * @param maxHold for which users' programs may have mail held (FUTURERELEASE, RFC 4865), on
 *     listeners of the profile {@code submission}; 0: not at all
 * @param shortestDeliverBy in which mail may be asked to be delivered or else returned (DELIVERBY,
 *     RFC 2852)
 * @param requireTls whether clients may demand TLS all the way (REQUIRETLS, RFC 8689), within TLS
 */
@ConfigurationProperties(prefix = "posthaste.handling", ignoreUnknownFields = false)
public record HandlingProperties(
        @DefaultValue("30d") Duration maxHold,
        @DefaultValue("1m") Duration shortestDeliverBy,
        @DefaultValue("true") boolean requireTls) {

    public HandlingProperties {
        between("max-hold", maxHold, Duration.ZERO, Duration.ofDays(3650));
        between("shortest-deliver-by", shortestDeliverBy, Duration.ZERO, Duration.ofDays(30));
    }

    HandlingOffer offer() {
        return new HandlingOffer(maxHold, shortestDeliverBy, requireTls);
    }
}
