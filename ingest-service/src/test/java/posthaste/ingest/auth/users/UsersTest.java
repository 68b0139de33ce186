package posthaste.ingest.auth.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import posthaste.ingest.auth.sasl.DecoyVerifiers;
import posthaste.ingest.auth.sasl.ScramVerifier;
import posthaste.ingest.submitter.Login;
import posthaste.mail.address.EmailAddress;
import posthaste.testing.SettableClock;

class UsersTest {
    private static final String BCRYPT = "{bcrypt}" + new BCryptPasswordEncoder(4).encode("secret");

    private final SettableClock clock = SettableClock.at("2026-11-22T10:00:00Z");
    private final Passwords passwords = new Passwords(2, Duration.ofSeconds(30));
    private final Places file = new Places();
    private final Places database = new Places();
    private final Users users =
            new Users(
                    List.of(file, database),
                    passwords,
                    new LoginCache(Duration.ofMinutes(1), Duration.ofHours(1), clock),
                    new DecoyVerifiers(new byte[] {1}));

    @Test
    void theFirstSourceThatKnowsANameHasTheOnlyWordOnIt() throws Exception {
        file.add("alice", BCRYPT);
        database.add("alice", "{bcrypt}" + new BCryptPasswordEncoder(4).encode("other"));
        database.add("bob", BCRYPT);
        assertThat(users.withPassword("Alice", "secret")).isPresent();
        assertThat(users.withPassword("alice", "other")).isEmpty();
        assertThat(users.withPassword("bob", "secret")).isPresent();
    }

    @Test
    void aRightPasswordIsNotHashedAgainForAWhile() throws Exception {
        file.add("alice", BCRYPT);
        for (int i = 0; i < 100; i++) {
            assertThat(users.withPassword("alice", "secret")).isPresent();
            assertThat(users.withPassword("ALICE", "secret")).isPresent();
        }
        assertThat(passwords.computed()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(2));
        assertThat(users.withPassword("alice", "secret")).isPresent();
        assertThat(passwords.computed()).isEqualTo(2);
    }

    @Test
    void aWrongPasswordIsHashedEachTimeAndOnce() throws Exception {
        file.add("alice", BCRYPT);
        users.withPassword("alice", "secret");
        long before = passwords.computed();
        for (int i = 0; i < 5; i++) {
            assertThat(users.withPassword("alice", "guess")).isEmpty();
        }
        assertThat(passwords.computed() - before).isEqualTo(5);
        for (String nobody : List.of("nobody", "", "x".repeat(10_000), "a b", "*)(uid=*))")) {
            before = passwords.computed();
            assertThat(users.withPassword(nobody, "guess")).isEmpty();
            assertThat(passwords.computed() - before).as(nobody).isEqualTo(1);
        }
    }

    @Test
    void unknownUserAndWrongPasswordTakeAsLong() throws Exception {
        // Dear enough for the noise of a busy machine to be small beside it.
        file.add("alice", "{bcrypt}" + new BCryptPasswordEncoder(9).encode("secret"));
        passwords.decoys(List.of(file.users.get("alice").hash().orElseThrow()));
        long wrong = Long.MAX_VALUE;
        long unknown = Long.MAX_VALUE;
        for (int i = 0; i < 15; i++) {
            // The quickest of several, in turns: what else the machine does only adds.
            wrong = Math.min(wrong, time("alice", "guess " + i));
            unknown = Math.min(unknown, time("nobody", "guess " + i));
        }
        assertThat((double) unknown / wrong).isBetween(0.4, 2.5);
    }

    private long time(String name, String password) throws Exception {
        long begun = System.nanoTime();
        users.withPassword(name, password);
        return System.nanoTime() - begun;
    }

    @Test
    void whoIsTakenAwayOrChangedIsNotKept() throws Exception {
        file.add("alice", BCRYPT);
        assertThat(users.withPassword("alice", "secret")).isPresent();
        file.users.remove("alice");
        file.state = new Object();
        assertThat(users.withPassword("alice", "secret")).isEmpty();
    }

    @Test
    void whileASourceIsAwayThoseGoOnWhoLoggedInBefore() throws Exception {
        database.add("bob", BCRYPT);
        assertThat(users.withPassword("bob", "secret")).isPresent();
        database.away = true;
        clock.advance(Duration.ofMinutes(30));
        assertThat(users.withPassword("bob", "secret")).isPresent();
        assertThatThrownBy(() -> users.withPassword("bob", "guess"))
                .isInstanceOf(UsersAwayException.class);
        assertThatThrownBy(() -> users.withPassword("carol", "secret"))
                .isInstanceOf(UsersAwayException.class);
        clock.advance(Duration.ofMinutes(31));
        assertThatThrownBy(() -> users.withPassword("bob", "secret"))
                .isInstanceOf(UsersAwayException.class);
    }

    @Test
    void bothHashesAndAVerifierAloneWillDo() throws Exception {
        file.add(
                "argon",
                "{argon2}"
                        + Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8().encode("secret"));
        file.users.put(
                "scram",
                new User(
                        login("scram"),
                        Optional.empty(),
                        Optional.of(ScramVerifier.of("secret", new byte[16], 4096))));
        for (String name : List.of("argon", "scram")) {
            assertThat(users.withPassword(name, "guess")).isEmpty();
            assertThat(users.withPassword(name, "secret")).isPresent();
        }
        assertThat(passwords.computed()).isEqualTo(4);
    }

    @Test
    void longPasswordsAreNeitherCutNorAnException() throws Exception {
        String seventyTwo = "x".repeat(72);
        file.add("alice", Passwords.bcrypt(seventyTwo));
        file.add("long", Passwords.bcrypt(seventyTwo + "y"));
        assertThat(users.withPassword("alice", seventyTwo)).isPresent();
        assertThat(users.withPassword("alice", seventyTwo + "y")).isEmpty();
        assertThat(users.withPassword("long", seventyTwo + "y")).isPresent();
        assertThat(users.withPassword("long", seventyTwo + "z")).isEmpty();
        assertThat(users.withPassword("long", "x".repeat(9000))).isEmpty();
    }

    @Test
    void noMorePasswordsAreHashedAtOnceThanAllowed() throws Exception {
        Passwords two = new Passwords(2, Duration.ofSeconds(30));
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(20);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            threads.add(
                    Thread.startVirtualThread(() -> {
                        try {
                            two.counted(() -> {
                                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                LockSupport.parkNanos(1_000_000);
                                now.decrementAndGet();
                                return true;
                            });
                        } catch (UsersAwayException e) {
                            throw new AssertionError(e);
                        }
                        all.countDown();
                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(all.getCount()).isZero();
        assertThat(most).hasValueLessThanOrEqualTo(2);
    }

    @Test
    void whoWaitsTooLongForATurnIsToldToComeBack() throws Exception {
        Passwords one = new Passwords(1, Duration.ofMillis(20));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread first =
                Thread.startVirtualThread(() -> {
                    try {
                        one.counted(() -> {
                            begun.countDown();
                            try {
                                end.await();
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                            return true;
                        });
                    } catch (UsersAwayException e) {
                        throw new AssertionError(e);
                    }
                });
        begun.await();
        assertThatThrownBy(() -> one.spend("x", "y")).isInstanceOf(UsersAwayException.class);
        end.countDown();
        first.join();
    }

    @Test
    void sendersAreAddressesDomainsAndSubdomains() {
        Login login =
                new Login(
                        "x",
                        List.of("Ann@example.org", "example.net", "*.example.com"),
                        Optional.empty());
        for (String mine :
                List.of(
                        "ann@EXAMPLE.org",
                        "any@Example.Net",
                        "a@b.example.com",
                        "a@b.c.example.com")) {
            assertThat(SenderPattern.allows(login, EmailAddress.of(mine))).as(mine).isTrue();
        }
        for (String others :
                List.of(
                        "bob@example.org",
                        "a@sub.example.net",
                        "a@example.com",
                        "a@badexample.com",
                        "a@notexample.net")) {
            assertThat(SenderPattern.allows(login, EmailAddress.of(others))).as(others).isFalse();
        }
        Login books = new Login("x", List.of("bücher.example"), Optional.empty());
        assertThat(SenderPattern.allows(books, EmailAddress.of("a@xn--bcher-kva.example")))
                .isTrue();
        assertThat(SenderPattern.parse("a b")).isEmpty();
        assertThat(SenderPattern.parse("@example.org")).isEmpty();
        assertThat(SenderPattern.parse("*")).contains("*");
    }

    private static Login login(String name) {
        return new Login(name, List.of("*"), Optional.empty());
    }

    private static final class Places implements UserSource {
        private final Map<String, User> users = new HashMap<>();
        private Object state = new Object();
        private boolean away;

        void add(String name, String hash) {
            users.put(name, new User(login(name), Optional.of(hash), Optional.empty()));
        }

        @Override
        public Optional<KnownUser> find(String name) throws UsersAwayException {
            if (away) {
                throw new UsersAwayException("away");
            }
            return Optional.ofNullable(users.get(name));
        }

        @Override
        public Object state() {
            return state;
        }
    }
}
