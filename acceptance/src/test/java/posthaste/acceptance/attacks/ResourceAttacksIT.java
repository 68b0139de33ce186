package posthaste.acceptance.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static posthaste.acceptance.attacks.AttackedRelay.octets;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import posthaste.testing.SmtpDialogue;
import posthaste.testing.Transaction;

/** Attacks 81 to 87: who takes time, sessions or memory that others need. */
class ResourceAttacksIT extends AttackSuite {
    private static final String HEADER = "Subject: attack\r\n\r\n";
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int MOST_NESTED = 10_000;

    /** Slow clients take their time, so they are at it while all the other tests run. */
    private static ExecutorService slowClients;

    private static Future<String> slowCommand;
    private static Future<String> slowMessage;
    private static Future<String> silentAfterData;
    private static Future<String> readsNothing;

    ResourceAttacksIT(AttackedRelay relay) {
        super(relay);
    }

    @BeforeAll
    static void begin(AttackedRelay relay) {
        slowClients = Executors.newVirtualThreadPerTaskExecutor();
        slowCommand = slowClients.submit(() -> drip(relay, "NOOP " + "x".repeat(900)));
        slowMessage = slowClients.submit(() -> drip(relay, beginning() + HEADER + "x".repeat(900)));
        silentAfterData = slowClients.submit(() -> drip(relay, beginning()));
        readsNothing = slowClients.submit(() -> readNothing(relay));
    }

    @AfterAll
    static void end() {
        slowClients.shutdownNow();
    }

    @Attack(81)
    @Test
    void aCommandThatComesByDropsHasADeadline() throws Exception {
        assertThat(slowCommand.get()).matches("421 4\\.4\\.2 .*|closed");
    }

    @Attack(82)
    @Test
    void aMessageThatComesByDropsHasADeadline() throws Exception {
        assertThat(slowMessage.get()).matches("421 4\\.4\\.2 .*|closed");
        assertThat(silentAfterData.get()).matches("421 4\\.4\\.2 .*|closed");
        mark.nothingArrives();
    }

    @Attack(83)
    @Test
    void oneAddressCannotTakeAllSessions() {
        holdsAtMost(AttackedRelay.SESSIONS_PER_ADDRESS, _ -> InetAddress.ofLiteral("127.0.0.3"));
    }

    @Attack(83)
    @Test
    void manyAddressesCannotTakeMoreThanThereIs() {
        holdsAtMost(AttackedRelay.SESSIONS, i -> InetAddress.ofLiteral("127.0.2." + (1 + i % 250)));
    }

    @Attack(84)
    @Test
    void whoReadsNoRepliesIsDropped() throws Exception {
        assertThat(readsNothing.get()).isEqualTo("closed");
    }

    @Attack(84)
    @Test
    void aFloodOfConnectionsLeavesNoneBehind() {
        flood(1000);
    }

    @Attack(84)
    @Tag("full")
    @Test
    void tenThousandConnectionsLeaveNoneBehind() {
        flood(10_000);
    }

    @Attack(86)
    @Test
    void aMessageNestedTenThousandDeepIsReturnedInTime() {
        StringBuilder nested = new StringBuilder("Subject: nested\r\nMIME-Version: 1.0\r\n");
        for (int i = 0; i < MOST_NESTED; i++) {
            nested.append(
                    "Content-Type: multipart/mixed; boundary=b%1$d\r\n\r\n--b%1$d\r\n"
                            .formatted(i));
        }
        isReturned(nested + "\r\nx\r\n");
    }

    @Attack(86)
    @Test
    void aReportOfAHundredThousandRecipientsIsReturnedInTime() {
        isReturned(
                "Subject: report\r\nMIME-Version: 1.0\r\n"
                        + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n"
                        + "\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
                        + "Action: failed\r\n\r\n".repeat(100_000)
                        + "--b--\r\n");
    }

    @Attack(86)
    @Test
    void aHeaderLineOfMegabytesIsRefused() {
        beginMessage();
        client.sendMessage(octets("Subject: " + "x".repeat(1_900_000) + "\r\n\r\nx\r\n"));
        client.expect(552, "5.3.4");
        mark.nothingArrives();
    }

    @Attack(87)
    @Test
    void nobodyIsToldOfAReportThatCannotBeDelivered() {
        relay.sink().onRcpt(mark.recipient()).reply("550 5.1.1 no such user here");
        client.send("MAIL FROM:<> RET=FULL").expect(250);
        client.send(mark.rcpt() + " NOTIFY=SUCCESS,FAILURE,DELAY").expect(250);
        client.send("DATA").expect(354);
        String id = idIn(client.sendMessage(octets(HEADER)).expect(250));
        await().atMost(SOON).until(() -> relay.finals(id).containsValue("bounced"));
        mark.nothingArrives();
    }

    @Attack(87)
    @Test
    void aReportToNobodyIsTheLast() {
        relay.sink().onRcpt(mark.recipient()).reply("550 5.1.1 no such user here");
        relay.sink().onRcpt("sender@" + mark.domain()).reply("550 5.1.1 nor here");
        beginMessage();
        String id = idIn(client.sendMessage(octets(HEADER)).expect(250));
        await().atMost(SOON).until(() -> relay.finals(id).containsValue("bounced"));
        await().atMost(SOON)
                .until(() ->
                        relay.posthaste()
                                .rest()
                                .messages("recipient=sender@" + mark.domain())
                                .toString()
                                .contains("bounced"));
        mark.nothingArrives();
        assertThat(
                        relay.posthaste()
                                .rest()
                                .messages("recipient=sender@" + mark.domain())
                                .toString())
                .containsOnlyOnce("\"id\"");
    }

    /** Whoever takes the mail gives it back to us, as two domains that forward to each other do. */
    @Attack(87)
    @Test
    void aLoopEnds() {
        String message = HEADER;
        String reply = "";
        int rounds = 0;
        while (rounds < 60 && !reply.startsWith("5")) {
            client.send(mark.mail()).expect(250);
            client.send("RCPT TO:<round-%d@%s>".formatted(rounds, mark.domain())).expect(250);
            client.send("DATA").expect(354);
            reply = client.sendMessage(octets(message)).reply().toString();
            if (reply.startsWith("250")) {
                rounds++;
                int round = rounds;
                await().atMost(SOON).until(() -> mark.arrived().size() == round);
                message = mark.arrived().getLast().messageText();
            }
        }
        assertThat(reply).startsWith("554 5.4.6");
        assertThat(rounds).isBetween(40, 51);
        mark.arrives(rounds);
    }

    private void isReturned(String message) {
        relay.sink().onRcpt(mark.recipient()).reply("550 5.1.1 no such user here");
        client.send(mark.mail() + " RET=FULL").expect(250);
        client.send(mark.rcpt()).expect(250);
        client.send("DATA").expect(354);
        client.sendMessage(octets(message)).expect(250);
        Transaction report = mark.arrives(1).getFirst();
        assertThat(report.reversePath()).isEmpty();
        assertThat(report.messageText()).contains("Action: failed");
    }

    private void holdsAtMost(int most, IntFunction<InetAddress> address) {
        List<SmtpDialogue> idle = new ArrayList<>();
        try {
            int refused = 0;
            for (int i = 0; i < most + 10; i++) {
                SmtpDialogue one =
                        SmtpDialogue.connect(address.apply(i), HERE, relay.posthaste().smtpPort());
                idle.add(one);
                SmtpDialogue.Reply greeting = one.reply();
                if (greeting.code() == 421) {
                    refused++;
                    one.expectClosed();
                } else {
                    assertThat(greeting.code()).isEqualTo(220);
                }
            }
            assertThat(refused).isBetween(10, 20);
            beginMessage();
            client.sendMessage(octets(HEADER)).expect(250);
        } finally {
            idle.forEach(SmtpDialogue::close);
        }
        await().atMost(SOON).until(this::isServedAgain);
        mark.arrives(HEADER);
    }

    private boolean isServedAgain() {
        try (SmtpDialogue next = SmtpDialogue.connect(relay.posthaste().smtpPort())) {
            return next.reply().code() == 220;
        }
    }

    private void flood(int connections) {
        long before = relay.posthaste().openFiles();
        for (int i = 0; i < connections; i++) {
            SmtpDialogue.connect(relay.posthaste().smtpPort()).close();
        }
        await().atMost(SOON).until(() -> relay.posthaste().openFiles() < before + connections / 20);
        await().atMost(SOON).until(this::isServedAgain);
    }

    private static String beginning() {
        return "MAIL FROM:<a@b.example>\r\nRCPT TO:<x@slow.attack.example>\r\nDATA\r\n";
    }

    /** Sends whole lines at once, the last one an octet at a time; what is said at last. */
    private static String drip(AttackedRelay relay, String octets) throws InterruptedException {
        int atOnce = octets.lastIndexOf('\n') + 1;
        try (SmtpDialogue slow = relay.client().patience(SOON)) {
            slow.sendBytes(octets(octets.substring(0, atOnce)));
            for (int i = 0; i < octets.substring(0, atOnce).split("DATA", -1).length - 1; i++) {
                slow.expect(250);
                slow.expect(250);
                slow.expect(354);
            }
            try {
                for (byte octet : octets(octets.substring(atOnce))) {
                    slow.sendBytes(new byte[] {octet});
                    Thread.sleep(100);
                }
                return slow.reply().toString();
            } catch (UncheckedIOException e) {
                return closed(e);
            }
        }
    }

    private static String readNothing(AttackedRelay relay) {
        try (SmtpDialogue deaf = relay.client()) {
            deaf.send("MAIL FROM:<a@b.example>").expect(250);
            byte[] batch = octets("RCPT TO:<x@slow.attack.example>\r\n".repeat(1000));
            for (int i = 0; i < 10_000; i++) {
                deaf.sendBytes(batch);
            }
            return "took everything";
        } catch (UncheckedIOException e) {
            return closed(e);
        }
    }

    private static String closed(UncheckedIOException e) {
        assertThat(e).hasMessageMatching(".*(reset|pipe|abort).*");
        return "closed";
    }

    private static String idIn(SmtpDialogue.Reply reply) {
        return reply.text().substring(reply.text().lastIndexOf(' ') + 1);
    }
}
