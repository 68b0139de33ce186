package posthaste.ingest.auth.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.ingest.auth.sasl.DecoyVerifiers;
import posthaste.testing.SettableClock;

/** Users of a real directory. */
class LdapUsersIT {
    private static final Duration FRESH = Duration.ofSeconds(30);

    @TempDir private static Path folder;
    private static Slapd slapd;

    private final SettableClock clock = SettableClock.at("2026-11-22T10:00:00Z");
    private final Passwords passwords = new Passwords(2, Duration.ofSeconds(30));

    @BeforeAll
    static void start() throws Exception {
        slapd = new Slapd(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        if (slapd != null) {
            slapd.close();
        }
    }

    @Test
    void whoIsInTheDirectoryLogsInByItsPassword() throws Exception {
        Users users = users(slapd.url(), false, Optional.empty(), "(|(mail={0})(uid={0}))");
        assertThat(users.withPassword("Ann@Example.org", "secret"))
                .hasValueSatisfying(login -> {
                    assertThat(login.name()).isEqualTo("ann@example.org");
                    assertThat(login.senders())
                            .containsExactlyInAnyOrder("ann@example.org", "office@example.org");
                });
        assertThat(users.withPassword("ann", "secret")).isPresent();
        assertThat(passwords.computed()).isZero();
        assertThat(users.withPassword("ann", "guess")).isEmpty();
        assertThat(passwords.computed()).isEqualTo(1);
        assertThat(users.withPassword("nobody@example.org", "guess")).isEmpty();
        assertThat(passwords.computed()).isEqualTo(2);
        // An empty password would be an anonymous bind, which succeeds (RFC 4513 section 5.1.2).
        assertThat(users.withPassword("ann", "")).isEmpty();
    }

    @Test
    void whatIsTypedChangesNoQuery() throws Exception {
        Users users = users(slapd.url(), false, Optional.empty(), "(uid={0})");
        for (String name :
                List.of(
                        "*",
                        "a*",
                        "*)(uid=*))",
                        "ann)(|(uid=*",
                        "ann\\2a",
                        "ann)(mail=*",
                        "(ann)")) {
            assertThat(users.withPassword(name, "secret")).as(name).isEmpty();
        }
        assertThat(users.withPassword("odd,(name)*", "secret")).isPresent();
    }

    @Test
    void overTlsFromTheStartAndByStartTls() throws Exception {
        Optional<Path> ca = Optional.of(slapd.certificate());
        assertThat(users(slapd.tlsUrl(), false, ca, "(uid={0})").withPassword("ann", "secret"))
                .isPresent();
        assertThat(users(slapd.startTlsUrl(), true, ca, "(uid={0})").withPassword("ann", "secret"))
                .isPresent();
    }

    @Test
    void aCertificateThatIsNotTrustedIsNoDirectory() {
        assertThatThrownBy(() ->
                        users(slapd.startTlsUrl(), true, Optional.empty(), "(uid={0})")
                                .withPassword("ann", "secret"))
                .isInstanceOf(UsersAwayException.class);
    }

    @Test
    void whileTheDirectoryIsAwayThoseGoOnWhoLoggedInBefore(@TempDir Path own) throws Exception {
        try (Slapd mine = new Slapd(own)) {
            Users users = users(mine.url(), false, Optional.empty(), "(uid={0})");
            assertThat(users.withPassword("ann", "secret")).isPresent();
            mine.stop();
            clock.advance(Duration.ofMinutes(10));
            assertThat(users.withPassword("ann", "secret")).isPresent();
            assertThatThrownBy(() -> users.withPassword("ann", "guess"))
                    .isInstanceOf(UsersAwayException.class);
            assertThatThrownBy(() -> users.withPassword("odd", "secret"))
                    .isInstanceOf(UsersAwayException.class);
            mine.start();
            clock.advance(Duration.ofMinutes(1));
            assertThat(users.withPassword("ann", "secret")).isPresent();
            assertThat(users.withPassword("ann", "guess")).isEmpty();
        }
    }

    private Users users(String url, boolean startTls, Optional<Path> ca, String filter)
            throws Exception {
        LdapUsers directory =
                new Directory(
                                url,
                                startTls,
                                ca,
                                "cn=search,dc=example,dc=org",
                                "search-secret",
                                "ou=people,dc=example,dc=org",
                                filter,
                                "mail",
                                Duration.ofSeconds(10))
                        .users(FRESH, Duration.ofHours(1), clock);
        return new Users(
                List.of(directory),
                passwords,
                new LoginCache(Duration.ofMinutes(1), Duration.ofHours(1), clock),
                new DecoyVerifiers(new byte[] {1}));
    }
}
