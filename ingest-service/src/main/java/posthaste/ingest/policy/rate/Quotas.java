package posthaste.ingest.policy.rate;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What each party has left. Of the rules of one kind (per login, per address, per sender domain)
 * the first that fits holds; of all kinds every one. Rules may change at any time; an account whose
 * rate stays the same keeps its fill.
 */
public final class Quotas implements AutoCloseable {
    private final Supplier<List<LimitRule>> rules;
    private final Meters meters;
    private final Map<String, Integer> openSessions = new ConcurrentHashMap<>();
    private final Thread teller;
    private volatile boolean closed;

    /**
     * Begins with nothing used, but for what the board says.
     *
     * @param nanos {@link System#nanoTime} or a test's time: for the refill, so that a stepped
     *     clock neither gives nor takes
     * @param clock for the age of what others tell
     * @param interval between two rounds of telling
     */
    public Quotas(
            Supplier<List<LimitRule>> rules,
            String instance,
            UsageBoard board,
            InstantSource clock,
            LongSupplier nanos,
            Duration interval) {
        this.rules = rules;
        this.meters = new Meters(instance, board, clock, nanos);
        this.teller = Thread.ofVirtual().name("usage-teller").start(() -> tellAll(interval));
    }

    /** The rules that hold for a party, with the name of its account. */
    record Holding(LimitRule rule, String holder) {}

    List<Holding> of(Party party) {
        Set<Per> seen = EnumSet.noneOf(Per.class);
        List<Holding> holding = new ArrayList<>();
        for (LimitRule rule : rules.get()) {
            if (!seen.contains(rule.per())) {
                rule.account(party)
                        .ifPresent(holder -> {
                            seen.add(rule.per());
                            holding.add(new Holding(rule, holder));
                        });
            }
        }
        return holding;
    }

    /** Whether so much could be taken now; nothing is taken. */
    public Optional<Exceeded> look(Party party, Measure measure, long amount) {
        for (Holding each : of(party)) {
            for (Rate rate : each.rule().rates().getOrDefault(measure, List.of())) {
                if (amount > rate.amount()) {
                    return Optional.of(new Exceeded(each.rule(), measure, rate, Optional.empty()));
                }
                Duration wait = meters.of(account(each, measure, rate)).waitFor(amount);
                if (!wait.isZero()) {
                    return Optional.of(new Exceeded(each.rule(), measure, rate, Optional.of(wait)));
                }
            }
        }
        return Optional.empty();
    }

    /** All of it, or nothing and why. */
    public Charge take(Party party, Map<Measure, Long> amounts) {
        return take(of(party), amounts);
    }

    /** One session, by one rule. */
    Charge takeSession(Holding holding) {
        return take(List.of(holding), Map.of(Measure.SESSIONS, 1L));
    }

    private Charge take(List<Holding> holdings, Map<Measure, Long> amounts) {
        List<Taken> taken = new ArrayList<>();
        for (Holding each : holdings) {
            for (Map.Entry<Measure, Long> amount : amounts.entrySet()) {
                for (Rate rate : each.rule().rates().getOrDefault(amount.getKey(), List.of())) {
                    Account account = account(each, amount.getKey(), rate);
                    Meter meter = meters.of(account);
                    if (!meter.take(amount.getValue())) {
                        taken.forEach(Taken::giveBack);
                        return new Charge.Refused(exceeded(each.rule(), account, meter, amount));
                    }
                    taken.add(new Taken(account, meter, amount.getValue()));
                }
            }
        }
        taken.forEach(each -> meters.spent(each.account(), each.meter()));
        if (taken.stream().anyMatch(each -> meters.isPressing(each.account(), each.meter()))) {
            LockSupport.unpark(teller);
        }
        return new Charge.Made(List.copyOf(taken));
    }

    /** Lets a session in by one rule, which then has to {@link #leave}, or does not. */
    boolean enter(Holding holding) {
        if (holding.rule().concurrentSessions().isEmpty()) {
            return true;
        }
        String account = holding.rule().name() + ' ' + holding.holder();
        int most = holding.rule().concurrentSessions().getAsInt();
        if (openSessions.merge(account, 1, Integer::sum) > most) {
            leave(holding);
            return false;
        }
        return true;
    }

    void leave(Holding holding) {
        if (holding.rule().concurrentSessions().isPresent()) {
            openSessions.computeIfPresent(
                    holding.rule().name() + ' ' + holding.holder(),
                    (_, n) -> n == 1 ? null : n - 1);
        }
    }

    /** Accounts in memory. */
    public long accounts() {
        return meters.size();
    }

    /** Tells the others what was spent, now. */
    public void tell() {
        meters.tell();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(teller);
    }

    private void tellAll(Duration interval) {
        while (!closed) {
            LockSupport.parkNanos(interval.toNanos());
            meters.tell();
        }
    }

    private static Account account(Holding holding, Measure measure, Rate rate) {
        return new Account(holding.rule().name(), measure, rate, holding.holder());
    }

    private static Exceeded exceeded(
            LimitRule rule, Account account, Meter meter, Map.Entry<Measure, Long> amount) {
        boolean never = amount.getValue() > account.rate().amount();
        return new Exceeded(
                rule,
                account.measure(),
                account.rate(),
                never ? Optional.empty() : Optional.of(meter.waitFor(amount.getValue())));
    }

    /** What was taken of one account. */
    record Taken(Account account, Meter meter, long amount) {
        void giveBack() {
            meter.giveBack(amount);
        }
    }
}
