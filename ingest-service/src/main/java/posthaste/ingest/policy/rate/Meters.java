package posthaste.ingest.policy.rate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The accounts of this instance, bounded in number: one that rests for its period is full again and
 * forgotten; beyond {@link #CAPACITY} the least used go early, and are full again too soon. What
 * other instances tell of accounts that are not here is kept apart, bounded alike, until they are.
 */
final class Meters {
    /** Some hundred octets each. */
    static final int CAPACITY = 100_000;

    /** Above it, what one instance has spent is told at once. */
    private static final int SHARE_TOLD_AT_ONCE = 20;

    /** Facts told in one round; the rest comes in the next. */
    private static final int TOLD_IN_A_ROUND = 500;

    private final String instance;
    private final UsageBoard board;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Cache<String, Meter> meters;

    /** By account, and by instance. */
    private final Cache<String, Map<String, Usage>> heard;

    private final Map<Account, Meter> dirty = new ConcurrentHashMap<>();

    Meters(String instance, UsageBoard board, InstantSource clock, LongSupplier nanos) {
        this.instance = instance;
        this.board = board;
        this.clock = clock;
        this.nanos = nanos;
        Ticker ticker = nanos::getAsLong;
        this.meters =
                Caffeine.newBuilder()
                        .maximumSize(CAPACITY)
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .expireAfter(Expiry.<String, Meter>accessing((_, meter) -> meter.memory()))
                        .build();
        this.heard =
                Caffeine.newBuilder()
                        .maximumSize(CAPACITY)
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .expireAfterWrite(Duration.ofDays(31))
                        .build();
        board.listen(this::hear);
    }

    Meter of(Account account) {
        return meters.get(account.id(), id -> begin(id, account.rate()));
    }

    /** Something was taken: others are to know soon. */
    void spent(Account account, Meter meter) {
        dirty.put(account, meter);
    }

    /** Whether an account has so much untold that it should not wait for the next round. */
    boolean isPressing(Account account, Meter meter) {
        return meter.untold() >= Math.max(1, account.rate().amount() / SHARE_TOLD_AT_ONCE);
    }

    /** Tells what was spent since the last round, the most pressing first. */
    synchronized void tell() {
        record Told(Account account, Meter meter, double share) {}
        List<Told> round = new ArrayList<>();
        dirty.forEach((account, meter) ->
                round.add(
                        new Told(
                                account,
                                meter,
                                (double) meter.untold() / account.rate().amount())));
        round.sort((a, b) -> Double.compare(b.share(), a.share()));
        Instant now = clock.instant();
        for (Told each : round.subList(0, Math.min(TOLD_IN_A_ROUND, round.size()))) {
            dirty.remove(each.account());
            long total = each.meter().spent();
            each.meter().toldOf(total);
            board.tell(
                    new Usage(
                            each.account().id(),
                            instance,
                            total,
                            Math.max(0, each.meter().filled()),
                            now),
                    now.plus(each.meter().memory()));
        }
    }

    /** Accounts that are kept. */
    long size() {
        return meters.estimatedSize();
    }

    private Meter begin(String id, Rate rate) {
        Meter meter = new Meter(rate, nanos);
        Map<String, Usage> told = heard.getIfPresent(id);
        if (told != null) {
            told.values().forEach(usage -> meter.remember(usage, age(usage)));
        }
        return meter;
    }

    private void hear(Usage usage) {
        if (usage.instance().equals(instance)) {
            return;
        }
        heard.get(usage.account(), _ -> new ConcurrentHashMap<>()).put(usage.instance(), usage);
        Meter meter = meters.getIfPresent(usage.account());
        if (meter != null) {
            meter.hear(usage, age(usage));
        }
    }

    private Duration age(Usage usage) {
        Duration age = Duration.between(usage.at(), clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }
}
