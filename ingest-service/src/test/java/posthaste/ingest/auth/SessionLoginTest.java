package posthaste.ingest.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import posthaste.ingest.submitter.Submitter;
import posthaste.ingest.submitter.TlsFacts;

/** AUTH line by line, without a socket. */
class SessionLoginTest {
    private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("192.0.2.7");
    private static final Submitter CLEAR = Submitter.connected("submission", ELSEWHERE);
    private static final Submitter CLIENT =
            CLEAR.over(new TlsFacts("TLSv1.3", "TLS_AES_256_GCM_SHA384", Optional.empty()));

    private final AuthenticationUnderTest auth = new AuthenticationUnderTest();
    private final SessionLogin session = new SessionLogin(auth.authentication, false);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        ((Logger) LoggerFactory.getLogger(FailureLog.class)).addAppender(log);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(FailureLog.class)).detachAppender(log);
    }

    /**
     * Attack 44. By the thread's own time, as other work on the machine moves the clock's; the
     * delay after a failure is the same sleep for all.
     */
    @Test
    @Tag("full")
    void anUnknownUserCostsWhatAWrongPasswordDoes() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        assumeTrue(threads.isCurrentThreadCpuTimeSupported());
        double nearest = Double.MAX_VALUE;
        // What differs by design differs in each round.
        for (int round = 0; round < 5 && Math.abs(nearest - 1) > 0.1; round++) {
            List<Long> known = new ArrayList<>();
            List<Long> unknown = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                known.add(cost(threads, "alice"));
                unknown.add(cost(threads, "nobody" + i));
            }
            double ratio = (double) median(unknown) / median(known);
            nearest = Math.abs(ratio - 1) < Math.abs(nearest - 1) ? ratio : nearest;
        }
        assertThat(nearest).isBetween(0.9, 1.1);
    }

    private long cost(ThreadMXBean threads, String user) {
        SessionLogin attempt = new SessionLogin(auth.openAuthentication, false);
        long hashes = auth.passwords.computed();
        long began = threads.getCurrentThreadCpuTime();
        AuthReply reply = attempt.command("PLAIN " + plain("", user, "wrong"), CLIENT, false);
        long cost = threads.getCurrentThreadCpuTime() - began;
        assertThat(reply.text()).startsWith("535 5.7.8");
        assertThat(auth.passwords.computed() - hashes).isOne();
        return cost;
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    @Test
    void plainWithAnInitialResponse() {
        assertThat(say("PLAIN " + plain("", "alice", "secret")))
                .isInstanceOfSatisfying(
                        AuthReply.LoggedIn.class,
                        in -> {
                            assertThat(in.text()).startsWith("235 2.7.0 ");
                            assertThat(in.login().name()).isEqualTo("alice");
                        });
    }

    @Test
    void plainByChallenge() {
        assertThat(say("plain").text()).isEqualTo("334 ");
        assertThat(session.isUnderWay()).isTrue();
        assertThat(session.line(plain("", "alice", "secret")))
                .isInstanceOf(AuthReply.LoggedIn.class);
        assertThat(session.isUnderWay()).isFalse();
    }

    @Test
    void loginByChallengesAndWithTheNameAtOnce() {
        assertThat(say("LOGIN").text()).isEqualTo("334 VXNlcm5hbWU6");
        assertThat(session.line(base64("alice")).text()).isEqualTo("334 UGFzc3dvcmQ6");
        assertThat(session.line(base64("secret"))).isInstanceOf(AuthReply.LoggedIn.class);

        assertThat(say("LOGIN " + base64("Alice")).text()).isEqualTo("334 UGFzc3dvcmQ6");
        assertThat(session.line(base64("secret"))).isInstanceOf(AuthReply.LoggedIn.class);
    }

    @Test
    void aStarCancels() {
        say("PLAIN");
        assertThat(session.line("*").text()).startsWith("501 ");
        assertThat(session.isUnderWay()).isFalse();
        assertThat(log.list).isEmpty();
    }

    @Test
    void anEmptyLineIsAnEmptyResponse() {
        say("PLAIN");
        assertThat(session.line("").text()).startsWith("501 5.5.2 ");
        assertThat(say("PLAIN =").text()).startsWith("501 5.5.2 ");
    }

    @Test
    void whatIsNoBase64OrNoPlain() {
        for (String response :
                List.of(
                        "!!!!",
                        "AGFsaWNlAHNlY3JldA",
                        "AGFs aWNl",
                        base64("no nul"),
                        base64("\0\0"),
                        base64("a\0b\0c\0d"),
                        Base64.getEncoder().encodeToString(new byte[] {0, (byte) 0xff, 0, 65}))) {
            assertThat(say("PLAIN " + response).text()).as(response).startsWith("501 5.5.2 ");
        }
        assertThat(auth.passwords.computed()).isZero();
    }

    @Test
    void whatTheCommandMaySay() {
        assertThat(say("").text()).startsWith("501 5.5.4 ");
        assertThat(say("GSSAPI").text()).startsWith("504 5.5.4 ");
        assertThat(say("XOAUTH2").text()).startsWith("504 5.5.4 ");
        assertThat(session.command("PLAIN", CLIENT, true).text()).startsWith("503 5.5.1 ");
        assertThat(session.command("PLAIN", CLIENT.as(auth.alice), false).text())
                .startsWith("503 5.5.1 ");
        assertThat(session.unreadable().text()).startsWith("500 5.5.6 ");
    }

    @Test
    void inTheClearNothingIsOfferedAndNothingHeard() {
        assertThat(session.extension(CLEAR)).isEmpty();
        assertThat(session.extension(CLIENT)).contains("AUTH SCRAM-SHA-256 PLAIN LOGIN");
        assertThat(session.command("PLAIN " + plain("", "alice", "secret"), CLEAR, false).text())
                .startsWith("538 5.7.11 ");
        assertThat(session.isUnderWay()).isFalse();
    }

    @Test
    void inTheClearOnLoopbackAloneWhenSoConfigured() {
        SessionLogin open = new SessionLogin(auth.authentication, true);
        assertThat(open.extension(CLEAR)).isEmpty();
        assertThat(open.extension(Submitter.connected("l", InetAddress.ofLiteral("127.0.0.1"))))
                .isPresent();
    }

    @Test
    void anAuthzidIsOnesOwnNameOrNone() {
        assertThat(say("PLAIN " + plain("ALICE", "alice", "secret")))
                .isInstanceOf(AuthReply.LoggedIn.class);
        assertThat(say("PLAIN " + plain("admin", "alice", "secret")).text())
                .startsWith("535 5.7.8 ");
    }

    @Test
    void theThirdFailureIsTheLast() {
        String wrong = "PLAIN " + plain("", "alice", "guess");
        assertThat(say(wrong)).isInstanceOf(AuthReply.Say.class);
        assertThat(say(wrong)).isInstanceOf(AuthReply.Say.class);
        assertThat(say(wrong))
                .isInstanceOfSatisfying(
                        AuthReply.GoodBye.class,
                        bye -> assertThat(bye.text()).startsWith("421 4.7.0 "));
    }

    @Test
    void unknownUserAndWrongPasswordAreAnsweredAlikeAndCostOneHashEach() {
        String wrong = say("PLAIN " + plain("", "alice", "guess")).text();
        assertThat(auth.passwords.computed()).isEqualTo(1);
        SessionLogin other = new SessionLogin(auth.authentication, false);
        for (String nobody : List.of("nobody", "*)(uid=*))", "x".repeat(5000), "a\r\nb")) {
            long before = auth.passwords.computed();
            SessionLogin one = new SessionLogin(auth.authentication, false);
            assertThat(one.command("PLAIN " + plain("", nobody, "guess"), CLIENT, false).text())
                    .isEqualTo(wrong);
            assertThat(auth.passwords.computed() - before).isEqualTo(1);
        }
        assertThat(other.isUnderWay()).isFalse();
    }

    @Test
    void aFailureIsOneLineWhateverTheNameAndBearsNoSecret() {
        say("PLAIN " + plain("", "u\r\nFAKE \"LINE\" \\", "hunter2"));
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "login failed: address=192.0.2.7 listener=submission mechanism=PLAIN"
                                + " reason=wrong user=\"u\ufffd\ufffdFAKE \\\"LINE\\\" \\\\\"");
        say("PLAIN " + plain("", "\ud83d\ude00".repeat(2500), "hunter2"));
        assertThat(log.list.get(1).getFormattedMessage())
                .hasSizeLessThan(300)
                .doesNotContain("hunter2")
                .endsWith("...\"");
    }

    @Test
    void anEmptyPasswordIsNobodys() {
        assertThat(say("PLAIN " + plain("", "empty", "")).text()).startsWith("501");
        say("LOGIN " + base64("empty"));
        assertThat(session.line("").text()).startsWith("501");
    }

    @Test
    void scramIsAnsweredForWhoHasAVerifierAndForNobodyAlike() {
        String first = base64("n,,n=alice,r=abcdef");
        assertThat(say("SCRAM-SHA-256 " + first).text()).startsWith("334 ");
        session.forget();
        String none = base64("n,,n=nobody,r=abcdef");
        String one = decoded(say("SCRAM-SHA-256 " + none).text());
        session.forget();
        String again = decoded(say("SCRAM-SHA-256 " + none).text());
        assertThat(one.replaceAll("r=[^,]+", "")).isEqualTo(again.replaceAll("r=[^,]+", ""));
    }

    @Test
    void nothingThatIsSentEscapesAsAnException() {
        SplittableRandom random = new SplittableRandom(7);
        String[] commands = {
            "PLAIN", "LOGIN", "SCRAM-SHA-256", "PLAIN =", "LOGIN =", "SCRAM-SHA-256 =", "X Y Z"
        };
        String[] lines = {
            "*", "", "=", "====", base64("n,,n=alice,r=x"), base64("\0a\0b"), plain("", "n", "p")
        };
        for (int i = 0; i < 5_000; i++) {
            SessionLogin one = new SessionLogin(auth.openAuthentication, false);
            AuthReply reply = one.command(commands[random.nextInt(commands.length)], CLIENT, false);
            for (int j = 0; j < 3 && one.isUnderWay(); j++) {
                byte[] noise = new byte[random.nextInt(40)];
                random.nextBytes(noise);
                reply =
                        one.line(
                                random.nextBoolean()
                                        ? lines[random.nextInt(lines.length)]
                                        : random.nextBoolean()
                                                ? Base64.getEncoder().encodeToString(noise)
                                                : new String(noise, StandardCharsets.ISO_8859_1));
            }
            assertThat(reply.text()).matches("(?:334 [A-Za-z0-9+/=]*|[2345]\\d\\d .+)");
        }
    }

    private AuthReply say(String argument) {
        return session.command(argument, CLIENT, false);
    }

    private static String plain(String authzid, String name, String password) {
        return base64(authzid + "\0" + name + "\0" + password);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String reply) {
        return new String(
                Base64.getDecoder().decode(reply.substring("334 ".length())),
                StandardCharsets.UTF_8);
    }
}
