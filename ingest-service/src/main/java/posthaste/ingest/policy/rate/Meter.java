package posthaste.ingest.policy.rate;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.LocalBucket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One account on this instance: a bucket that holds the whole limit. What others have used is taken
 * out of it as they tell it, also beyond empty, so that it takes as long to come back.
 */
final class Meter {
    /** Limits that may be used up in all: one and a debt of another. */
    private static final int DEEPEST = 2;

    private final Rate rate;
    private final LongSupplier nanos;
    private final long began;
    private final LocalBucket bucket;
    private final AtomicLong spent = new AtomicLong();
    private volatile long told;

    /** By instance, what it told last. Guarded by its own monitor. */
    private final Map<String, Usage> others = new HashMap<>();

    Meter(Rate rate, LongSupplier nanos) {
        this.rate = rate;
        this.nanos = nanos;
        this.began = nanos.getAsLong();
        this.bucket =
                Bucket.builder()
                        .addLimit(
                                Bandwidth.builder()
                                        .capacity(rate.amount())
                                        .refillGreedy(rate.amount(), rate.period())
                                        .build())
                        .withCustomTimePrecision(new Nanos(nanos))
                        .build();
    }

    /** After which it is full again in any case. */
    Duration memory() {
        return rate.period().multipliedBy(DEEPEST);
    }

    /** How long until so much could be taken; zero: now. */
    Duration waitFor(long amount) {
        var estimate = bucket.estimateAbilityToConsume(amount);
        return estimate.canBeConsumed()
                ? Duration.ZERO
                : Duration.ofNanos(estimate.getNanosToWaitForRefill());
    }

    /** Takes so much, or nothing. */
    boolean take(long amount) {
        if (!bucket.tryConsume(amount)) {
            return false;
        }
        spent.addAndGet(amount);
        return true;
    }

    /**
     * What was taken was not used after all. Others that were told meanwhile are not told of it:
     * they get it back with time.
     */
    void giveBack(long amount) {
        bucket.addTokens(amount);
    }

    /** What this instance has spent that others don't know of. */
    long untold() {
        return spent.get() - told;
    }

    long spent() {
        return spent.get();
    }

    /** Others are told now that this instance has spent so much. */
    void toldOf(long total) {
        told = total;
    }

    /** How much of the limit is used up now; more than the limit when others went beyond it. */
    long filled() {
        return rate.amount() - bucket.getAvailableTokens();
    }

    /** Another instance had told this before there was this account here. */
    void remember(Usage usage, Duration age) {
        synchronized (others) {
            takeWhatWasFilled(usage, age);
            others.put(usage.instance(), usage);
        }
    }

    /**
     * Another instance has told what it has spent. Facts may come again, old ones too.
     *
     * @param age of what it told
     */
    void hear(Usage usage, Duration age) {
        synchronized (others) {
            Usage before = others.get(usage.instance());
            if (before == null && age.toNanos() <= nanos.getAsLong() - began) {
                // It began to use the account after we did.
                takeAlso(usage.spent());
            } else if (before == null) {
                takeWhatWasFilled(usage, age);
            } else if (usage.at().isBefore(before.at())) {
                return;
            } else if (usage.spent() >= before.spent()) {
                takeAlso(usage.spent() - before.spent());
            } else if (usage.at().equals(before.at())) {
                return;
            } else {
                // A process that began anew, or forgot the account meanwhile, counts from zero.
                takeAlso(usage.spent());
            }
            others.put(usage.instance(), usage);
        }
    }

    private void takeWhatWasFilled(Usage usage, Duration age) {
        long then = Math.min(usage.filled(), DEEPEST * rate.amount());
        takeAlso(Math.max(0, then - comesBackIn(age)) - filled());
    }

    private void takeAlso(long missing) {
        // Another's word may cost as much as it could have spent, and no more.
        long most = Math.min(Math.min(missing, rate.amount()), DEEPEST * rate.amount() - filled());
        if (most > 0) {
            bucket.consumeIgnoringRateLimits(most);
        }
    }

    private long comesBackIn(Duration age) {
        double periods = Math.min(DEEPEST, (double) age.toNanos() / rate.period().toNanos());
        return (long) (rate.amount() * periods);
    }

    private record Nanos(LongSupplier source) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return source.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
