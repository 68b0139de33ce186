package posthaste.ingest.smtp;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import posthaste.ingest.smtp.ListenerSettings.Profile;

/**
 * What clients may ask for beyond the ordinary.
 *
 * @param longestHold for which mail may be held (RFC 4865); zero: not offered
 * @param shortestDeliverBy in which mail may be asked to be delivered or returned (RFC 2852)
 * @param requireTls whether TLS may be demanded all the way (RFC 8689)
 */
public record HandlingOffer(Duration longestHold, Duration shortestDeliverBy, boolean requireTls) {
    /** Thirty days, one minute, and TLS. */
    public static final HandlingOffer USUAL =
            new HandlingOffer(Duration.ofDays(30), Duration.ofMinutes(1), true);

    /**
     * To one client as things stand.
     *
     * @param hold only users' programs may have mail held (RFC 4865 section 4.2)
     * @param deliverBy not where mail waits before it is tried
     * @param requireTls only within TLS
     * @param now by which times are reckoned
     */
    record ToClient(
            HandlingOffer offer, boolean hold, boolean deliverBy, boolean requireTls, Instant now) {

        /** The keywords of EHLO. */
        List<String> keywords() {
            List<String> keywords = new ArrayList<>();
            if (hold) {
                keywords.add(
                        "FUTURERELEASE " + offer.longestHold.toSeconds() + " " + latestRelease());
            }
            if (deliverBy) {
                keywords.add("DELIVERBY " + offer.shortestDeliverBy.toSeconds());
            }
            if (requireTls) {
                keywords.add("REQUIRETLS");
            }
            return keywords;
        }

        Instant latestRelease() {
            return now.plus(offer.longestHold).truncatedTo(ChronoUnit.SECONDS);
        }
    }

    /** To a client of a listener. */
    ToClient to(Profile profile, boolean inTls, Instant now) {
        return new ToClient(
                this,
                profile == Profile.SUBMISSION && longestHold.isPositive(),
                profile != Profile.FALLBACK,
                requireTls && inTls,
                now);
    }
}
