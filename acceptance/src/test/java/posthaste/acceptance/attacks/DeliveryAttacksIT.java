package posthaste.acceptance.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static posthaste.acceptance.attacks.AttackedRelay.octets;
import static posthaste.acceptance.attacks.AttackedRelay.utf8;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.testing.Rule;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.Transaction;

/**
 * Attacks 57, 64 and 88 to 91: what a mail's next hop, or the DNS that leads there, may do to us.
 * Each has a domain of its own, which DNS leads to a scripted server of its own.
 */
class DeliveryAttacksIT extends AttackSuite {
    private static final String HEADER = "Subject: attack\r\n\r\n";
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Neighbour neighbour;

    DeliveryAttacksIT(AttackedRelay relay) {
        super(relay);
        this.neighbour = relay.neighbour();
    }

    @Override
    void disconnect() {
        super.disconnect();
        neighbour.close();
    }

    private static final List<String> INSIDE =
            List.of(
                    "127.0.0.1",
                    "127.0.0.2",
                    "127.255.255.254",
                    "10.0.0.1",
                    "172.16.0.1",
                    "192.168.0.1",
                    "169.254.169.254",
                    "0.0.0.0",
                    "100.64.0.1",
                    "::1",
                    "::",
                    "::ffff:127.0.0.1",
                    "::ffff:10.0.0.1",
                    "fe80::1",
                    "fc00::1",
                    "64:ff9b::7f00:1");

    @Attack(57)
    @Test
    void dnsLeadsNobodyInside() {
        Map<String, Mark> senders = new LinkedHashMap<>();
        for (String address : INSIDE) {
            Mark sender = relay.mark();
            try (Neighbour led = relay.neighbour()) {
                led.leadsTo(address);
                submit(sender, List.of("rcpt@" + led.domain()), "");
            }
            senders.put(address, sender);
        }
        senders.forEach((address, sender) ->
                assertThat(report(sender))
                        .as(address)
                        .containsPattern("Status: 5\\.(?:1|4|7)\\.\\d+"));
        assertThat(relay.trap().connections()).as("connections to 127.0.0.1").isZero();
    }

    @Attack(57)
    @ParameterizedTest
    @ValueSource(strings = {"mx.attacked.example", "MX.Attacked.Example"})
    void whoSendsOurMailBackToUsGetsNone(String host) {
        relay.dns().a(host, neighbour.address());
        relay.dns().mx(neighbour.domain(), 10, host);
        submitTo("rcpt");
        assertThat(report()).containsPattern("Status: 5\\.4\\.6");
        assertThat(neighbour.peer().connections()).isZero();
    }

    @Attack(57)
    @ParameterizedTest
    @ValueSource(strings = {"[127.0.0.1]", "[169.254.169.254]", "[IPv6:::1]", "[10.0.0.1]"})
    void anAddressLiteralLeadsNobodyInside(String literal) {
        submit(mark, List.of("rcpt@" + literal), "");
        assertThat(report()).containsPattern("Status: 5\\.(?:1|4|7)\\.\\d+");
    }

    @Attack(64)
    @ParameterizedTest
    @ValueSource(strings = {"\u00fcser", "\u560a\u560d", "us\u00e9r"})
    void anAddressThatTheNextHopCannotTakeIsReturned(String localPart) {
        neighbour.peer().offering("PIPELINING", "8BITMIME", "SIZE");
        neighbour.isThere();
        submit(mark, List.of(localPart + "@" + neighbour.domain()), " SMTPUTF8");
        assertThat(report()).contains("Status: 5.6.7");
        assertThat(neighbour.peer().commands())
                .extracting(ScriptedSmtpPeer.Command::line)
                .noneMatch(line -> line.startsWith("RCPT"));
    }

    private static Map<String, Consumer<ScriptedSmtpPeer>> oddReplies() {
        String longLine = "x".repeat(10_000);
        return Map.ofEntries(
                odd(
                        "a banner of a megabyte",
                        p -> p.onConnect().once(),
                        "220 " + "x".repeat(1 << 20)),
                odd(
                        "a banner without end",
                        p -> p.onConnect().once(),
                        "220-x\r\n".repeat(100_000) + "220 x"),
                odd(
                        "a reply of 10,000 lines",
                        p -> p.onMail().once(),
                        "250-x\r\n".repeat(10_000) + "250 x"),
                odd("a reply line of 10 kB", p -> p.onMail().once(), "451 4.0.0 " + longLine),
                odd("no code", p -> p.onMail().once(), "99 hi"),
                odd("no number", p -> p.onMail().once(), "hello"),
                odd("a code beyond all", p -> p.onMail().once(), "999 hi"),
                odd("nothing but a line end", p -> p.onMail().once(), ""),
                odd("codes that differ", p -> p.onMail().once(), "250-a\r\n550 b"),
                odd("a greeting that is none", p -> p.onConnect().once(), "SSH-2.0-OpenSSH_9.2"),
                odd("an early good-bye", p -> p.onConnect().once(), "421 4.3.2 closing"),
                odd("a greeting that refuses", p -> p.onConnect().once(), "451 4.3.2 not now"),
                odd(
                        "no reply in ASCII",
                        p -> p.onRcpt().once(),
                        "451 4.7.1 sp\u00e4ter " + utf8("\u2603")),
                odd(
                        "no final reply in ASCII",
                        p -> p.onDot().once(),
                        "451 4.7.1 sp\u00e4ter \u001b[31m\u0007"),
                odd("354 in place of 250", p -> p.onMail().once(), "354 go on"),
                odd("250 in place of 354", p -> p.onData().once(), "250 ok"));
    }

    private static Map.Entry<String, Consumer<ScriptedSmtpPeer>> odd(
            String name, Function<ScriptedSmtpPeer, Rule> where, String reply) {
        return Map.entry(name, peer -> where.apply(peer).replyBytes(octets(reply + "\r\n")));
    }

    @Attack(88)
    @Test
    void anOddReplyIsBornAndTheMailDeliveredOnce() {
        Map<String, Neighbour> odd = new LinkedHashMap<>();
        Map<String, String> mails = new LinkedHashMap<>();
        oddReplies()
                .forEach((name, script) -> {
                    Neighbour one = relay.neighbour();
                    script.accept(one.peer());
                    one.isThere();
                    odd.put(name, one);
                    mails.put(name, submit(mark, List.of("rcpt@" + one.domain()), ""));
                });
        mails.forEach((name, id) ->
                await(name).atMost(SOON).until(() -> relay.finals(id).containsValue("delivered")));
        odd.forEach((name, one) -> {
            assertThat(one.peer().accepted()).as(name).hasSize(1);
            assertThat(MessageAsSent.below(one.peer().accepted().getFirst())).isEqualTo(HEADER);
            one.close();
        });
    }

    @Attack(88)
    @ParameterizedTest
    @ValueSource(strings = {"250", "250 ", "250-\r\n250 ", "250-x\r\n250"})
    void aReplyWithoutTextIsAReply(String reply) {
        neighbour.peer().onMail().replyBytes(octets(reply + "\r\n"));
        neighbour.isThere();
        String id = submitTo("rcpt");
        await().atMost(SOON).until(() -> relay.finals(id).containsValue("delivered"));
        assertThat(neighbour.peer().accepted()).hasSize(1);
    }

    @Attack(88)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "550",
                "550 x\u0007\u001b[2J\0y",
                "550-5.1.1 one\r\n550-5.1.1 Status: 2.0.0\r\n550 5.1.1 two",
                "550 gesperrt \u00fc\u00ff"
            })
    void aRefusalIsReportedInLinesOfOurOwn(String reply) {
        neighbour.peer().onRcpt().replyBytes(octets(reply + "\r\n"));
        neighbour.isThere();
        submitTo("rcpt");
        String report = report();
        assertThat(report)
                .containsPattern("(?m)^Status: 5\\.\\d+\\.\\d+\r?$")
                .doesNotContainPattern("(?m)^Status: 2")
                .doesNotContainPattern("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]");
        assertThat(report.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(1000));
    }

    static Stream<Arguments> tlsFaults() {
        return Stream.of(
                fault(
                        "a reply sent along in the clear",
                        p ->
                                p.offeringStartTls()
                                        .onStartTls()
                                        .once()
                                        .replyBytes(
                                                octets(
                                                        "220 go\r\n250-peer.test\r\n250 AUTH PLAIN LOGIN\r\n"))),
                fault("454", p -> p.offeringStartTls().onStartTls().reply("454 4.7.0 not now")),
                fault("501", p -> p.offeringStartTls().onStartTls().reply("501 5.5.4 no")),
                fault("no handshake", ScriptedSmtpPeer::failingHandshake),
                fault("a certificate that nobody knows", ScriptedSmtpPeer::offeringStartTls));
    }

    private static Arguments fault(String name, Consumer<ScriptedSmtpPeer> script) {
        return Arguments.argumentSet(name, script);
    }

    /** Opportunistic TLS is the policy here: the mail goes, and it goes once. */
    @Attack(89)
    @ParameterizedTest
    @MethodSource("tlsFaults")
    void brokenTlsNeitherStopsNorRepeatsAMail(Consumer<ScriptedSmtpPeer> script) {
        script.accept(neighbour.peer());
        neighbour.isThere();
        String id = submitTo("rcpt");
        await().atMost(SOON).until(() -> relay.finals(id).containsValue("delivered"));
        assertThat(neighbour.peer().accepted()).hasSize(1);
        assertThat(neighbour.peer().commands())
                .extracting(ScriptedSmtpPeer.Command::line)
                .noneMatch(line -> line.startsWith("AUTH"));
    }

    @Attack(90)
    @Test
    void eachRecipientHasAFateOfItsOwn() {
        neighbour.peer().onRcpt("no@" + neighbour.domain()).reply("550 5.1.1 no such user");
        neighbour.peer().onRcpt("grey@" + neighbour.domain()).once().reply("450 4.2.1 later");
        neighbour.isThere();
        String id = submitTo("yes", "no", "grey");
        await().atMost(SOON).until(() -> relay.finals(id).size() == 3);
        assertThat(relay.finals(id))
                .isEqualTo(
                        Map.of(
                                "yes@" + neighbour.domain(),
                                "delivered",
                                "no@" + neighbour.domain(),
                                "bounced",
                                "grey@" + neighbour.domain(),
                                "delivered"));
        assertThat(recipientsServed())
                .containsExactlyInAnyOrder(
                        "yes@" + neighbour.domain(), "grey@" + neighbour.domain());
        assertThat(report()).contains("no@" + neighbour.domain()).doesNotContain("yes@");
    }

    @Attack(90)
    @Test
    void whoSays421InTheMiddleIsAskedAgainForAllThatIsUndecided() {
        neighbour.peer().onRcpt().whenNumber(3).once().replyThenClose("421 4.3.2 closing");
        neighbour.isThere();
        String id = submitTo("a", "b", "c", "d");
        await().atMost(SOON).until(() -> relay.finals(id).size() == 4);
        assertThat(relay.finals(id).values()).containsOnly("delivered");
        assertThat(recipientsServed()).hasSize(4).doesNotHaveDuplicates();
    }

    @Attack(90)
    @Test
    void whoClosesAfter354HasTakenNothing() {
        neighbour.peer().onData().once().replyThenClose("354 go on");
        neighbour.isThere();
        String id = submitTo("a", "b");
        await().atMost(SOON).until(() -> relay.finals(id).size() == 2);
        assertThat(relay.finals(id).values()).containsOnly("delivered");
        assertThat(recipientsServed()).hasSize(2).doesNotHaveDuplicates();
    }

    @Attack(90)
    @Test
    void whoClosesAfterTheDotMayHaveTakenItAndIsAskedAgain() {
        neighbour.peer().onDot().once().close();
        neighbour.isThere();
        String id = submitTo("a");
        await().atMost(SOON).until(() -> relay.finals(id).containsValue("delivered"));
        assertThat(neighbour.peer().transactions()).hasSize(2);
        assertThat(neighbour.peer().accepted()).hasSize(1);
    }

    @Attack(90)
    @Tag("full")
    @Test
    void aFinalReplyIsWaitedForLongerThanAnythingElse() {
        neighbour.peer().onDot().once().after(Duration.ofSeconds(60)).replyAsUsual();
        neighbour.isThere();
        String id = submitTo("a");
        await().atMost(Duration.ofMinutes(3))
                .until(() -> relay.finals(id).containsValue("delivered"));
        assertThat(neighbour.peer().transactions()).hasSize(1);
    }

    @Attack(91)
    @Test
    void aGreylistedMailIsDeliveredLater() {
        neighbour.peer().onRcpt().times(2).reply("451 4.7.1 greylisted");
        neighbour.isThere();
        String id = submitTo("a");
        await().atMost(SOON).until(() -> relay.finals(id).containsValue("delivered"));
        assertThat(neighbour.peer().accepted()).hasSize(1);
        assertThat(relay.posthaste().rest().message(id).toString()).contains("greylisted");
    }

    @Attack(91)
    @Test
    void theFirstHostThatLivesGetsTheMail() {
        for (int dead = 1; dead <= 3; dead++) {
            String host = "dead" + dead + "." + neighbour.domain();
            relay.dns().mx(neighbour.domain(), dead, host).a(host, "127.0.1." + (250 + dead));
        }
        neighbour.isThere(10);
        String id = submitTo("a");
        await().atMost(SOON).until(() -> relay.finals(id).containsValue("delivered"));
        assertThat(neighbour.peer().accepted()).hasSize(1);
    }

    @Attack(91)
    @Test
    void aDomainThatTakesNoMailGetsNone() {
        relay.dns().nullMx(neighbour.domain());
        submitTo("a");
        assertThat(report()).contains("Status: 5.1.10");
    }

    @Attack(91)
    @Test
    void aHostByAnotherNameGetsTheMail() {
        String alias = "alias." + neighbour.domain();
        String host = "host." + neighbour.domain();
        relay.dns()
                .mx(neighbour.domain(), 10, alias)
                .cname(alias, host)
                .a(host, neighbour.address());
        String id = submitTo("a");
        await().atMost(SOON).until(() -> relay.finals(id).containsValue("delivered"));
        assertThat(neighbour.peer().accepted()).hasSize(1);
    }

    /** What the sender is told, with the mail returned. */
    private String report() {
        return report(mark);
    }

    private static String report(Mark sender) {
        Transaction report = sender.awaits(1).getFirst();
        assertThat(report.reversePath()).isEmpty();
        return report.messageText();
    }

    private String submitTo(String... localParts) {
        return submit(
                mark,
                Stream.of(localParts).map(one -> one + "@" + neighbour.domain()).toList(),
                "");
    }

    /** Hands in a mail; its id. */
    private String submit(Mark sender, List<String> recipients, String parameters) {
        client.send(sender.mail() + parameters).expect(250);
        for (String recipient : recipients) {
            client.send("RCPT TO:<" + recipient + ">").expect(250);
        }
        client.send("DATA").expect(354);
        String reply = client.sendMessage(octets(HEADER)).expect(250, "queued as").text();
        return reply.substring(reply.lastIndexOf(' ') + 1);
    }

    private List<String> recipientsServed() {
        return neighbour.peer().accepted().stream()
                .flatMap(mail -> mail.recipients().stream())
                .toList();
    }
}
