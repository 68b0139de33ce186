package posthaste.ingest.smtp;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import posthaste.mail.envelope.DeliverBy;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;

/**
 * The parameters of MAIL that ask for a handling: HOLDFOR and HOLDUNTIL (RFC 4865), BY (RFC 2852),
 * REQUIRETLS (RFC 8689). What is not offered is left for who refuses the unknown.
 */
final class HandlingParameters {
    /** RFC 4865 section 3. */
    private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,8}");

    /** RFC 3339 section 5.6, in UTC. */
    private static final Pattern DATE_TIME =
            Pattern.compile(
                    "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?[Zz]");

    /** RFC 2852 section 4. */
    private static final Pattern BY = Pattern.compile("([+-]?[0-9]{1,9});([NnRr])([Tt]?)");

    private final Parameters parameters;
    private final HandlingOffer.ToClient offered;

    private HandlingParameters(Parameters parameters, HandlingOffer.ToClient offered) {
        this.parameters = parameters;
        this.offered = offered;
    }

    /** Takes out those that are offered. */
    static Handling take(Parameters parameters, HandlingOffer.ToClient offered)
            throws BadCommandException {
        return new HandlingParameters(parameters, offered).handling();
    }

    private Handling handling() throws BadCommandException {
        Optional<Instant> holdUntil = offered.hold() ? holdUntil() : Optional.empty();
        Optional<DeliverBy> deliverBy = offered.deliverBy() ? deliverBy() : Optional.empty();
        if (holdUntil.isPresent()
                && deliverBy.isPresent()
                && !holdUntil.get().isBefore(deliverBy.get().deadline())) {
            // RFC 4865 section 5.2.2.
            throw BadCommandException.badArgument("the mail would be late when it is released");
        }
        return new Handling(
                holdUntil.<FirstStop>map(FirstStop.Hold::new).orElseGet(FirstStop.Attempt::new),
                offered.requireTls() && parameters.takeFlag("REQUIRETLS"),
                deliverBy);
    }

    private Optional<Instant> holdUntil() throws BadCommandException {
        Optional<String> seconds = parameters.takeValue("HOLDFOR");
        Optional<String> time = parameters.takeValue("HOLDUNTIL");
        if (seconds.isPresent() && time.isPresent()) {
            throw BadCommandException.badArgument("HOLDFOR and HOLDUNTIL exclude each other");
        }
        if (seconds.isPresent()) {
            return Optional.of(offered.now().plus(holdFor(seconds.get())));
        }
        return time.isPresent() ? Optional.of(release(time.get())) : Optional.empty();
    }

    private Duration holdFor(String seconds) throws BadCommandException {
        if (!SECONDS.matcher(seconds).matches()) {
            throw BadCommandException.badArgument("HOLDFOR is from 1 to 999999999 seconds");
        }
        Duration wait = Duration.ofSeconds(Integer.parseInt(seconds));
        if (wait.compareTo(offered.offer().longestHold()) > 0) {
            throw BadCommandException.badArgument(
                    "HOLDFOR is at most " + offered.offer().longestHold().toSeconds());
        }
        return wait;
    }

    private Instant release(String time) throws BadCommandException {
        Instant release;
        try {
            if (!DATE_TIME.matcher(time).matches()) {
                throw new DateTimeException("not in UTC");
            }
            release = Instant.parse(time.toUpperCase(Locale.ROOT));
        } catch (DateTimeException e) {
            throw BadCommandException.badArgument("HOLDUNTIL is a time like 2026-11-22T08:00:00Z");
        }
        if (!release.isAfter(offered.now())) {
            throw BadCommandException.badArgument("the time of HOLDUNTIL has passed");
        }
        if (release.isAfter(offered.latestRelease())) {
            throw BadCommandException.badArgument(
                    "HOLDUNTIL is at most " + offered.latestRelease());
        }
        return release;
    }

    private Optional<DeliverBy> deliverBy() throws BadCommandException {
        Optional<String> value = parameters.takeValue("BY");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Matcher by = BY.matcher(value.get());
        if (!by.matches()) {
            throw BadCommandException.badArgument("BY is seconds, a semicolon, and R, N, RT or NT");
        }
        Duration within = Duration.ofSeconds(Integer.parseInt(by.group(1)));
        DeliverBy.Mode mode =
                by.group(2).equalsIgnoreCase("R") ? DeliverBy.Mode.RETURN : DeliverBy.Mode.NOTIFY;
        if (mode == DeliverBy.Mode.RETURN) {
            requireLongEnough(within);
        }
        return Optional.of(new DeliverBy(offered.now().plus(within), mode, !by.group(3).isEmpty()));
    }

    private void requireLongEnough(Duration within) throws BadCommandException {
        if (!within.isPositive()) {
            throw BadCommandException.badArgument("BY with R is above 0");
        }
        Duration shortest = offered.offer().shortestDeliverBy();
        if (within.compareTo(shortest) < 0) {
            // RFC 2852 section 3: valid, but not here.
            throw new BadCommandException(
                    "555 5.5.4 BY with R is at least " + shortest.toSeconds() + " here");
        }
    }
}
