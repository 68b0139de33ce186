package posthaste.ingest.policy.rate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import posthaste.ingest.policy.Network;

class QuotasTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private final AtomicLong nanos = new AtomicLong();
    private final List<Quotas> opened = new ArrayList<>();
    private final Board board = new Board();
    private List<LimitRule> rules = List.of();

    @AfterEach
    void close() {
        opened.forEach(Quotas::close);
    }

    @Test
    void aLimitIsHadWholeAndComesBackEvenlyOverItsPeriod() {
        rules = List.of(perLogin("a", "10/h"));
        Quotas quotas = quotas("one", UsageBoard.ALONE);

        assertThat(takeMany(quotas, alice(), 12)).isEqualTo(10);
        pass(Duration.ofMinutes(6));
        assertThat(takeMany(quotas, alice(), 3)).isEqualTo(1);
        pass(Duration.ofHours(2));
        assertThat(takeMany(quotas, alice(), 12)).as("no more than the limit").isEqualTo(10);
    }

    @Test
    void theRefusalTellsWhenToComeAgain() {
        rules = List.of(perLogin("a", "10/h"));
        Quotas quotas = quotas("one", UsageBoard.ALONE);
        takeMany(quotas, alice(), 10);

        Exceeded why = quotas.look(alice(), Measure.MESSAGES, 1).orElseThrow();
        assertThat(why.comeAgain()).hasValue(Duration.ofMinutes(6));
        assertThat(RatePolicy.refused(why).toString())
                .isEqualTo(
                        "451 4.7.1 at most 10 messages in 1 hour for each login, come again in 6"
                                + " minutes");
        assertThat(quotas.look(alice(), Measure.MESSAGES, 11).orElseThrow().comeAgain()).isEmpty();
    }

    @Test
    void ofManyRatesEachHoldsAndNothingIsTakenWhenOneIsExceeded() {
        rules =
                List.of(
                        rule(
                                "a",
                                Per.LOGIN,
                                Map.of(
                                        Measure.MESSAGES,
                                        List.of(rate("5/m"), rate("8/h")),
                                        Measure.RECIPIENTS,
                                        List.of(rate("100/h")))));
        Quotas quotas = quotas("one", UsageBoard.ALONE);

        assertThat(takeMany(quotas, alice(), 10)).isEqualTo(5);
        pass(Duration.ofMinutes(1));
        assertThat(takeMany(quotas, alice(), 10)).isEqualTo(3);
        assertThat(quotas.look(alice(), Measure.RECIPIENTS, 93)).isEmpty();
        assertThat(quotas.look(alice(), Measure.RECIPIENTS, 94)).isPresent();
    }

    @Test
    void whatIsGivenBackCanBeHadAgain() {
        rules = List.of(perLogin("a", "2/h"));
        Quotas quotas = quotas("one", UsageBoard.ALONE);

        takeMany(quotas, alice(), 1);
        Charge charge = quotas.take(alice(), one());
        assertThat(takeMany(quotas, alice(), 1)).isZero();
        ((Charge.Made) charge).giveBack();
        assertThat(takeMany(quotas, alice(), 2)).isEqualTo(1);
    }

    @Test
    void ofTheRulesOfAKindTheFirstThatFitsHolds() {
        rules =
                List.of(
                        withOf(perLogin("a", "1/h"), Set.of("alice")),
                        perLogin("b", "3/h"),
                        rule("c", Per.SENDER_DOMAIN, messages("4/h")));
        Quotas quotas = quotas("one", UsageBoard.ALONE);

        assertThat(takeMany(quotas, alice(), 5)).isEqualTo(1);
        assertThat(takeMany(quotas, login("bob", "example.org"), 5)).isEqualTo(3);
        assertThat(takeMany(quotas, login("carol", "example.org"), 5))
                .as("1 and 3 of 4 were of this sender domain")
                .isZero();
        assertThat(takeMany(quotas, login("carol", "example.net"), 5)).isEqualTo(3);
    }

    @Test
    void addressesOfAnIpv6NetworkShareAnAccount() {
        rules = List.of(rule("a", Per.ADDRESS, messages("2/h")));
        Quotas quotas = quotas("one", UsageBoard.ALONE);

        assertThat(takeMany(quotas, address("2001:db8:0:1::1"), 1)).isEqualTo(1);
        assertThat(takeMany(quotas, address("2001:db8:0:1:ffff::2"), 5)).isEqualTo(1);
        assertThat(takeMany(quotas, address("2001:db8:0:2::1"), 5)).isEqualTo(2);
        assertThat(takeMany(quotas, address("192.0.2.1"), 5)).isEqualTo(2);
        assertThat(takeMany(quotas, address("192.0.2.2"), 5)).isEqualTo(2);
    }

    @Test
    void aPartyThatIsExceptedHasNoLimit() {
        LimitRule all = rule("a", Per.ADDRESS, messages("1/h"));
        rules =
                List.of(
                        new LimitRule(
                                "a",
                                Per.ADDRESS,
                                LimitRule.Whom.NOBODY,
                                new LimitRule.Whom(
                                        Set.of(), List.of(Network.parse("10.0.0.0/8")), List.of()),
                                all.rates(),
                                OptionalInt.empty(),
                                OptionalInt.empty()));
        Quotas quotas = quotas("one", UsageBoard.ALONE);

        assertThat(takeMany(quotas, address("10.1.1.1"), 20)).isEqualTo(20);
        assertThat(takeMany(quotas, address("11.1.1.1"), 20)).isEqualTo(1);
    }

    @Test
    void aChangedLimitHoldsAtOnceAndAnUnchangedOneKeepsItsFill() {
        rules = List.of(perLogin("a", "5/h"), rule("b", Per.ADDRESS, messages("7/h")));
        Quotas quotas = quotas("one", UsageBoard.ALONE);
        assertThat(takeMany(quotas, alice(), 9)).isEqualTo(5);

        rules = List.of(perLogin("a", "50/h"), rule("b", Per.ADDRESS, messages("7/h")));
        assertThat(takeMany(quotas, alice(), 9)).as("what is left per address").isEqualTo(2);
    }

    @Test
    void manySessionsAtOnceGetNoMoreThanTheLimit() throws Exception {
        rules = List.of(perLogin("a", "100/h"));
        Quotas quotas = quotas("one", UsageBoard.ALONE);
        AtomicInteger taken = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(40);
        try (ExecutorService sessions = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 40; i++) {
                sessions.execute(() -> {
                    taken.addAndGet(takeMany(quotas, alice(), 10));
                    done.countDown();
                });
            }
            done.await();
        }
        assertThat(taken).hasValue(100);
    }

    @Test
    void aSprayOfAddressesTakesBoundedMemory() {
        rules = List.of(rule("a", Per.ADDRESS, messages("5/h")));
        Quotas quotas = quotas("one", UsageBoard.ALONE);
        for (int i = 0; i < 3 * Meters.CAPACITY; i++) {
            takeMany(
                    quotas,
                    address("10." + (i / 65_536) + "." + (i / 256 % 256) + "." + (i % 256)),
                    1);
        }
        assertThat(quotas.accounts()).isLessThanOrEqualTo(Meters.CAPACITY);
    }

    @Test
    void whatOneInstanceUsedTheOtherDoesNotGive() {
        rules = List.of(perLogin("a", "10/h"));
        Quotas one = quotas("one", board.of("one"));
        Quotas two = quotas("two", board.of("two"));

        assertThat(takeMany(one, alice(), 4)).isEqualTo(4);
        assertThat(takeMany(two, alice(), 2)).isEqualTo(2);
        tellAll();
        assertThat(takeMany(two, alice(), 9)).isEqualTo(4);
        tellAll();
        assertThat(takeMany(one, alice(), 9)).isZero();
        pass(Duration.ofMinutes(6));
        assertThat(takeMany(one, alice(), 9) + takeMany(two, alice(), 9))
                .as("one came back; before it is told each may give it")
                .isBetween(1, 2);
    }

    @Test
    void untoldEachInstanceGivesNoMoreThanTheWholeLimit() {
        rules = List.of(perLogin("a", "10/h"));
        Quotas one = quotas("one", board.of("one"));
        Quotas two = quotas("two", board.of("two"));
        board.cut = true;

        assertThat(takeMany(one, alice(), 30)).isEqualTo(10);
        assertThat(takeMany(two, alice(), 30)).isEqualTo(10);
        board.cut = false;
        tellAll();
        pass(Duration.ofHours(1));
        assertThat(takeMany(one, alice(), 30)).as("what was too much comes off").isZero();
        pass(Duration.ofHours(1));
        assertThat(takeMany(one, alice(), 30)).isEqualTo(10);
    }

    @Test
    void anInstanceThatBeginsLaterKnowsWhatWasUsed() {
        rules = List.of(perLogin("a", "10/h"));
        Quotas one = quotas("one", board.of("one"));
        takeMany(one, alice(), 8);
        tellAll();
        pass(Duration.ofMinutes(12));

        Quotas late = quotas("late", board.of("late"));
        assertThat(takeMany(late, alice(), 30)).as("2 were left, 2 came back").isEqualTo(4);
    }

    @Test
    void aLyingInstanceCostsOneLimitAtMost() {
        rules = List.of(perLogin("a", "10/h"));
        Quotas quotas = quotas("one", board.of("one"));
        takeMany(quotas, alice(), 1);
        String account = new Account("a", Measure.MESSAGES, rate("10/h"), "alice").id();
        for (long spent : new long[] {1, Long.MAX_VALUE, 5, Long.MAX_VALUE}) {
            board.listeners.forEach(
                    l -> l.accept(new Usage(account, "liar", spent, Long.MAX_VALUE, board.now())));
        }
        assertThat(takeMany(quotas, alice(), 1)).isZero();
        pass(Duration.ofHours(2));
        assertThat(takeMany(quotas, alice(), 30)).isEqualTo(10);
    }

    private final class Board {
        private final List<Consumer<Usage>> listeners = new ArrayList<>();
        private final List<Usage> told = new ArrayList<>();
        private volatile boolean cut;

        UsageBoard of(String name) {
            assertThat(name).isNotEmpty();
            return new UsageBoard() {
                @Override
                public void tell(Usage usage, Instant until) {
                    synchronized (Board.this) {
                        told.add(usage);
                        if (!cut) {
                            listeners.forEach(l -> l.accept(usage));
                        }
                    }
                }

                @Override
                public void listen(Consumer<Usage> listener) {
                    synchronized (Board.this) {
                        listeners.add(listener);
                        told.forEach(listener);
                    }
                }
            };
        }

        Instant now() {
            return Instant.EPOCH.plusNanos(nanos.get());
        }
    }

    private Quotas quotas(String instance, UsageBoard usage) {
        Quotas quotas = new Quotas(() -> rules, instance, usage, board::now, nanos::get, NEVER);
        opened.add(quotas);
        return quotas;
    }

    /** Twice: what was told into a cut is told with the next. */
    private void tellAll() {
        opened.forEach(Quotas::tell);
        synchronized (board) {
            List.copyOf(board.told).forEach(usage -> board.listeners.forEach(l -> l.accept(usage)));
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static int takeMany(Quotas quotas, Party party, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            if (quotas.take(party, one()) instanceof Charge.Made) {
                taken++;
            }
        }
        return taken;
    }

    private static Map<Measure, Long> one() {
        return Map.of(Measure.MESSAGES, 1L, Measure.RECIPIENTS, 1L);
    }

    private static Party alice() {
        return login("alice", "example.org");
    }

    private static Party login(String name, String domain) {
        return new Party(
                Optional.of(name), InetAddress.ofLiteral("192.0.2.1"), Optional.of(domain));
    }

    private static Party address(String text) {
        return new Party(Optional.empty(), InetAddress.ofLiteral(text), Optional.empty());
    }

    private static LimitRule perLogin(String name, String messages) {
        return rule(name, Per.LOGIN, messages(messages));
    }

    private static LimitRule rule(String name, Per per, Map<Measure, List<Rate>> rates) {
        return new LimitRule(
                name,
                per,
                LimitRule.Whom.NOBODY,
                LimitRule.Whom.NOBODY,
                rates,
                OptionalInt.empty(),
                OptionalInt.empty());
    }

    private static LimitRule withOf(LimitRule rule, Set<String> logins) {
        return new LimitRule(
                rule.name(),
                rule.per(),
                new LimitRule.Whom(logins, List.of(), List.of()),
                rule.except(),
                rule.rates(),
                rule.concurrentSessions(),
                rule.recipientsPerMail());
    }

    private static Map<Measure, List<Rate>> messages(String rate) {
        return Map.of(Measure.MESSAGES, List.of(rate(rate)));
    }

    private static Rate rate(String text) {
        return Rate.parse(text, Measure.MESSAGES);
    }
}
