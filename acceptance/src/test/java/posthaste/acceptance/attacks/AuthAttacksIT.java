package posthaste.acceptance.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static posthaste.acceptance.attacks.AttackedRelay.PASSWORD;
import static posthaste.acceptance.attacks.AttackedRelay.octets;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.testing.SmtpDialogue;

/**
 * Attacks 34, 42 to 52 and 56: logging in, and as whom one may send. Each attacker comes from an
 * address of its own, so that what is held against one is not held against the next.
 */
class AuthAttacksIT extends AttackSuite {
    private static final String HEADER = "Subject: attack\r\n\r\n";
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static int attackers = 1;

    private InetAddress attacker;

    AuthAttacksIT(AttackedRelay relay) {
        super(relay);
    }

    @BeforeEach
    void connectInsideTls() {
        client.close();
        attacker = nextAttacker();
        client = attacker(relay.submissionPort());
        assumeTrue(client.send("EHLO client.test").expect(250).text().contains("AUTH"));
    }

    @Attack(34)
    @Test
    void aLoginInTheClearIsForgotten() {
        try (SmtpDialogue other =
                SmtpDialogue.connect(nextAttacker(), HERE, relay.clearLoginPort())) {
            other.expect(220);
            other.send("EHLO client.test").expect(250);
            other.send("AUTH PLAIN " + plain("", "ada", PASSWORD)).expect(235);
            other.send("STARTTLS").expect(220);
            other.handshake();
            other.send("EHLO client.test").expect(250);
            SmtpDialogue.Reply sender = other.send(mark.mail()).reply();
            if (sender.code() == 250) {
                assertThat(other.send(mark.rcpt()).reply().code()).isIn(530, 550);
            } else {
                assertThat(sender.code()).isEqualTo(530);
            }
        }
        mark.nothingArrives();
    }

    @Attack(42)
    @Test
    void whoGuessesOnIsSlowedAndSentAway() {
        int guesses = 0;
        int code = 0;
        while (code != 421 && guesses < 10) {
            code = client.send("AUTH PLAIN " + plain("", "ada", "guess" + guesses)).reply().code();
            guesses++;
        }
        assertThat(code).isEqualTo(421);
        assertThat(guesses).isBetween(3, 6);
        client.expectClosed();
    }

    @Attack(43)
    @Test
    void fiftyConnectionsGuessNoBetterThanOne() {
        int heard = 0;
        for (int i = 0; i < 50; i++) {
            try (SmtpDialogue guess = attacker(relay.submissionPort())) {
                SmtpDialogue.Reply reply =
                        guess.send("AUTH PLAIN " + plain("", "victim", "guess" + i)).reply();
                heard += reply.code() == 535 ? 1 : 0;
            } catch (AssertionError refused) {
                // Not even greeted.
                assertThat(refused).hasMessageContaining("421");
            }
        }
        assertThat(heard).isLessThanOrEqualTo(AttackedRelay.FAILURES + 5);
        attacker = nextAttacker();
        try (SmtpDialogue stranger = attacker(relay.submissionPort())) {
            assertThat(
                            stranger.send("AUTH PLAIN " + plain("", "victim", "another guess"))
                                    .reply()
                                    .code())
                    .as("the user's own count, from another address")
                    .isNotEqualTo(235);
        }
    }

    @Attack(44)
    @Test
    void whoIsUnknownIsToldWhatOneWithAWrongPasswordIs() {
        List<Long> known = new ArrayList<>();
        List<Long> unknown = new ArrayList<>();
        List<SmtpDialogue.Reply> replies = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            for (boolean isKnown : new boolean[] {true, false}) {
                attacker = nextAttacker();
                try (SmtpDialogue guess = attacker(relay.submissionPort())) {
                    String user = isKnown ? "timed" : "nobody" + i;
                    long begin = System.nanoTime();
                    SmtpDialogue.Reply reply =
                            guess.send("AUTH PLAIN " + plain("", user, "guess" + i)).expect(535);
                    (isKnown ? known : unknown).add(System.nanoTime() - begin);
                    replies.add(reply);
                }
            }
        }
        assertThat(replies).containsOnly(replies.getFirst());
        // The listed 10 % hold on a machine with nothing else to do; a missing hash is 100 %.
        assertThat((double) median(unknown) / median(known)).isBetween(0.5, 2.0);
    }

    @Attack({45, 46, 47, 50})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "=",
                "!!!!",
                "AGFkYQ",
                "AGFkYQBz ZWNyZXQ=",
                "YWRh",
                "AAAA",
                "YWRhAGFkYQ==",
                "/////w==",
                "AP8A/w==",
                "AGFkYQBzAHg="
            })
    void aResponseThatIsNoneIsRefusedAndTheSessionLives(String response) {
        client.send("AUTH PLAIN").expect(334);
        client.send(response);
        assertThat(client.reply().code()).isIn(501, 535);
        isInStep();
        client.send("AUTH PLAIN " + plain("", "ada", PASSWORD)).expect(235);
    }

    @Attack({46, 47})
    @Test
    void aLoginMayBeGivenUpAtEachStep() {
        client.send("AUTH LOGIN").expect(334);
        client.send("*").expect(501);
        client.send("AUTH LOGIN").expect(334);
        client.send(base64("ada")).expect(334);
        client.send("*").expect(501);
        client.send("AUTH SCRAM-SHA-256").expect(334);
        client.send("*").expect(501);
        client.send("AUTH PLAIN =").reply();
        isInStep();
    }

    @Attack(47)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "AUTH",
                "AUTH PLAIN x y",
                "AUTH FOO",
                "AUTH PLAIN\tx",
                "AUTH CRAM-MD5",
                "AUTH =",
                "AUTH EXTERNAL =",
                "AUTH ANONYMOUS"
            })
    void aMechanismThatIsNoneIsRefused(String command) {
        assertThat(client.send(command).reply().code()).isIn(500, 501, 504, 535);
        isInStep();
    }

    @Attack(48)
    @ParameterizedTest
    @ValueSource(ints = {998, 1024, 2000, 12_288})
    void aLongResponseIsRead(int octets) {
        String response = base64("\0" + "u".repeat(octets * 3 / 4 - 40) + "\0p");
        assertThat(client.send("AUTH PLAIN " + response).reply().code()).isIn(235, 500, 501, 535);
        client.send("NOOP").expect(250);
        client.send("AUTH PLAIN").expect(334);
        assertThat(client.send(response).reply().code()).isIn(235, 500, 501, 535);
        client.send("NOOP").expect(250);
    }

    @Attack(48)
    @Test
    void aResponseWithoutEndIsNotAwaited() {
        client.send("AUTH PLAIN").expect(334);
        client.sendBytes("A".repeat(200_000).getBytes(UTF_8));
        assertThat(client.reply().code()).isBetween(500, 559);
        client.expectClosed();
    }

    @Attack(49)
    @Test
    void nobodyLogsInWithinAMailOrTwice() {
        client.send("AUTH PLAIN " + plain("", "ada", PASSWORD)).expect(235);
        client.send("AUTH PLAIN " + plain("", "ada", PASSWORD)).expect(503);
        try (SmtpDialogue open = SmtpDialogue.connect(nextAttacker(), HERE, relay.tlsPort())) {
            open.expect(220);
            open.send("EHLO client.test").expect(250);
            open.send("STARTTLS").expect(220);
            open.handshake();
            open.send("EHLO client.test").expect(250);
            open.send(mark.mail()).expect(250);
            open.send("AUTH PLAIN " + plain("", "ada", PASSWORD)).expect(503);
        }
    }

    @Attack(50)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "u\r\nFAKE LOG LINE",
                "u\nFAKE LOG LINE",
                "*)(uid=*))(|(uid=*",
                "' OR '1'='1",
                "ada\u0085FAKE LOG LINE",
                "ada\u2028x",
                "\u001b[31mada",
                "${jndi:ldap://127.0.0.1/x}",
                "../../etc/passwd"
            })
    void aNameIsANameAndOneLineOfTheLog(String name) {
        assertThat(client.send("AUTH PLAIN " + plain("", name, "guess")).reply().code())
                .isIn(501, 535);
        client.send("NOOP").expect(250);
        assertThat(relay.posthaste().said().lines())
                .noneMatch(line -> line.startsWith("FAKE LOG LINE"))
                .allMatch(line -> line.indexOf('\u001b') < 0);
    }

    @Attack(50)
    @Test
    void aNameOfTenKilobytesIsNobodys() {
        assertThat(client.send("AUTH PLAIN " + plain("", "u".repeat(8000), "p")).reply().code())
                .isIn(500, 501, 535);
        client.send("NOOP").expect(250);
        assertThat(relay.posthaste().said()).doesNotContain("u".repeat(1000));
    }

    @Attack(51)
    @ParameterizedTest
    @ValueSource(strings = {"admin", "victim", "eve"})
    void nobodyActsForAnother(String other) {
        client.send("AUTH PLAIN " + plain(other, "ada", PASSWORD)).expect(535);
        client.send("AUTH PLAIN " + plain("ada", "ada", PASSWORD)).expect(235);
    }

    @Attack(52)
    @Test
    void whereALoginIsRequiredNothingGoesWithout() {
        client.send(mark.mail()).expect(530);
        client.send(mark.rcpt()).expect(503);
        assertThat(client.send("DATA").reply().code()).isIn(503, 530);
        mark.nothingArrives();
    }

    @Attack(56)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "eve@eve.example",
                "ada@eve.example",
                "ada@sub.ada.example",
                "x@ada.example.eve.example"
            })
    void nobodySendsAsAnother(String sender) {
        client.send("AUTH PLAIN " + plain("", "ada", PASSWORD)).expect(235);
        client.send("MAIL FROM:<" + sender + ">").expect(553, "5.7.1");
        client.send(mark.rcpt()).expect(503);
        mark.nothingArrives();
    }

    @Attack(56)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: eve@eve.example\r\n",
                "From: Ada <eve@eve.example>\r\n",
                "FROM:\r\n \"ada@ada.example\" <eve@eve.example>\r\n",
                "From: ada@ada.example\r\nFrom: eve@eve.example\r\n",
                "From: ada@ada.example, eve@eve.example\r\n",
                "From: (ada@ada.example) eve@eve.example\r\n",
                "From: undisclosed:;\r\nFrom: <eve@eve.example>\r\n"
            })
    void norDoesTheHeaderNameAnother(String from) {
        client.send("AUTH PLAIN " + plain("", "ada", PASSWORD)).expect(235);
        client.send("MAIL FROM:<ada@ada.example>").expect(250);
        client.send(mark.rcpt()).expect(250);
        client.send("DATA").expect(354);
        client.sendMessage(octets(from + HEADER));
        assertThat(client.reply().code()).isIn(550, 553, 554);
        mark.nothingArrives();
    }

    @Attack(56)
    @Test
    void asOneselfOneSends() {
        String message = "From: Ada <ada@ada.example>\r\n" + HEADER;
        client.send("AUTH PLAIN " + plain("", "ada", PASSWORD)).expect(235);
        client.send("MAIL FROM:<ada@ada.example>").expect(250);
        client.send(mark.rcpt()).expect(250);
        client.send("DATA").expect(354);
        client.sendMessage(octets(message)).expect(250);
        mark.arrives(message);
    }

    private SmtpDialogue attacker(int port) {
        SmtpDialogue dialogue = SmtpDialogue.connect(attacker, HERE, port);
        dialogue.expect(220);
        dialogue.send("EHLO client.test").expect(250);
        dialogue.send("STARTTLS").expect(220);
        dialogue.handshake();
        dialogue.send("EHLO client.test").expect(250);
        return dialogue;
    }

    private static InetAddress nextAttacker() {
        attackers++;
        return InetAddress.ofLiteral(
                "127.0.%d.%d".formatted(10 + attackers / 200, 1 + attackers % 200));
    }

    private static String plain(String actingFor, String user, String password) {
        return base64(actingFor + "\0" + user + "\0" + password);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static long median(List<Long> nanos) {
        return nanos.stream().sorted().toList().get(nanos.size() / 2);
    }
}
