package posthaste.bounce;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import posthaste.bounce.dsn.Audience;
import posthaste.bounce.dsn.Audience.Silence;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.Envelope;

/**
 * Withholds notifications beyond a rate: mail with a forged reverse-path must not make us flood who
 * has nothing to do with it. A client that logged in is known, and sends for itself.
 *
 * <p>What is withheld is recorded with its reason, as any notification that is not sent. Allowances
 * are those of this process, and forgotten with it.
 */
final class Backscatter {
    /** Addresses and domains known at a time; one that was not told for long has its all again. */
    private static final int KNOWN = 100_000;

    private final Allowances addresses;
    private final Allowances domains;
    private final InstantSource clock;

    Backscatter(DsnProperties properties, InstantSource clock) {
        this.addresses = new Allowances(properties.mostToAddress(), properties.within());
        this.domains = new Allowances(properties.mostToDomain(), properties.within());
        this.clock = clock;
    }

    /** The same audience, or one in which nobody is told. Takes nothing of the allowance. */
    Audience screened(Audience audience) {
        return limited(audience)
                .flatMap(sender -> withheld(sender, false))
                .map(audience::silenced)
                .orElse(audience);
    }

    /**
     * Takes what an answer costs, now that it is stored and certain to be sent.
     *
     * @return the same, or none: others may have taken the last meanwhile
     */
    Answer charged(Answer answer) {
        return limited(answer.audience())
                .flatMap(sender -> withheld(sender, true))
                .<Answer>map(why -> new Answer.Untold(answer.audience().silenced(why)))
                .orElse(answer);
    }

    /** Whose allowance it takes to tell this audience; empty when it takes none. */
    private static Optional<EmailAddress> limited(Audience audience) {
        Envelope envelope = audience.notice().envelope().envelope();
        return !audience.told().isEmpty()
                        && envelope.client().login().isEmpty()
                        && envelope.reversePath() instanceof ReversePath.From(EmailAddress sender)
                ? Optional.of(sender)
                : Optional.empty();
    }

    private synchronized Optional<Silence> withheld(EmailAddress sender, boolean take) {
        Instant now = clock.instant();
        String domain = sender.domain().toLowerCase(Locale.ROOT);
        String address = sender.toString().toLowerCase(Locale.ROOT);
        if (!domains.has(domain, now)) {
            return Optional.of(Silence.TOO_MANY_TO_DOMAIN);
        }
        if (!addresses.has(address, now)) {
            return Optional.of(Silence.TOO_MANY_TO_ADDRESS);
        }
        if (take) {
            addresses.take(address, now);
            domains.take(domain, now);
        }
        return Optional.empty();
    }

    /** As many at once, and as many again in a time, evenly. */
    private static final class Allowances {
        private final int most;
        private final double perMilli;
        private final Map<String, Left> known =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Left> eldest) {
                        return size() > KNOWN;
                    }
                };

        private record Left(double count, Instant at) {}

        Allowances(int most, Duration within) {
            this.most = most;
            this.perMilli = (double) most / within.toMillis();
        }

        boolean has(String key, Instant now) {
            return most == 0 || left(key, now) >= 1;
        }

        void take(String key, Instant now) {
            if (most > 0) {
                known.put(key, new Left(left(key, now) - 1, now));
            }
        }

        private double left(String key, Instant now) {
            Left before = known.get(key);
            if (before == null) {
                return most;
            }
            long millis = Math.max(0, Duration.between(before.at(), now).toMillis());
            return Math.min(most, before.count() + millis * perMilli);
        }
    }
}
