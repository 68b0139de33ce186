package posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.body.MemoryBudget;
import posthaste.ingest.accept.ChargingAcceptor;
import posthaste.ingest.policy.assembly.ListenerPolicies;
import posthaste.ingest.policy.book.Policy;
import posthaste.ingest.policy.book.PolicyFile;
import posthaste.ingest.policy.dns.PolicyDns;
import posthaste.ingest.policy.rate.Quotas;
import posthaste.ingest.policy.rate.UsageBoard;
import posthaste.ingest.policy.stress.Stress;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.service.reload.FileWatch;
import posthaste.service.reload.ReloadedFile;
import posthaste.testing.ScriptedDns;
import posthaste.testing.SmtpDialogue;

/**
 * The policies of a policy file at the real listener, with a real DNS server. Clients from
 * 127.0.0.1 are trusted, those from 127.0.0.2 are strangers.
 */
class PolicyIT {
    private static final InetAddress STRANGER = InetAddress.ofLiteral("127.0.0.2");
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final byte[] MESSAGE =
            "Subject: x\r\n\r\ny\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir private Path folder;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ScriptedDns dns = ScriptedDns.start();
    private final FileWatch watch = new FileWatch(Duration.ofHours(1), meters);
    private ReloadedFile<Policy> policy;
    private Quotas quotas;
    private Stress stress;
    private ListenerUnderTest ingest;

    @AfterEach
    void stop() {
        ingest.close();
        quotas.close();
        stress.close();
        watch.close();
        dns.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x@y.z",
                "user%ext.example@local.test",
                "ext.example!user@local.test",
                "\"user@ext.example\"@local.test",
                "@local.test:user@ext.example",
                "user@[127.0.0.1]",
                "user@[IPv6:::1]",
                "postmaster",
            })
    void aStrangerRelaysNowhereHoweverTheAddressIsWritten(String recipient) throws Exception {
        start("relay: {domains: [local.test]}");
        try (SmtpDialogue client = stranger()) {
            for (String sender : List.of("a@b.c", "", "user@local.test")) {
                client.send("MAIL FROM:<" + sender + ">").expect(250);
                client.send("RCPT TO:<" + recipient + ">").expect(550, "5.7.1 relaying denied");
                client.send("RSET").expect(250);
            }
        }
        assertThat(ingest.accepted()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "user@ext@local.test", "@local.test:user", "a b@local.test"})
    void whatIsNoAddressIsNoWayRound(String recipient) throws Exception {
        start("relay: {domains: [local.test]}");
        try (SmtpDialogue client = stranger()) {
            client.send("MAIL FROM:<a@b.c>").expect(250);
            assertThat(client.send("RCPT TO:<" + recipient + ">").reply().code())
                    .isBetween(500, 559);
        }
    }

    @Test
    void aStrangerMayMailToADomainThatWeTakeIn() throws Exception {
        start("relay: {domains: [local.test]}");
        try (SmtpDialogue client = stranger()) {
            assertThat(client.mail("a@b.c", List.of("user@local.test"), MESSAGE).code())
                    .isEqualTo(250);
        }
    }

    @Test
    void aLimitRefusesWithATimeAndARefusedMailCostsNothing() throws Exception {
        start("limits:\n- {per: address, messages: 3/h, recipients: 5/h}");
        try (SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            for (int i = 0; i < 10; i++) {
                client.send("MAIL FROM:<a@b.c>").expect(250);
                client.send("RCPT TO:<x@y.z>").expect(250);
                client.send("DATA").expect(354);
                // A bare LF: refused at the final dot.
                client.sendBytes("a\nb\r\n.\r\n".getBytes(StandardCharsets.US_ASCII)).expect(550);
                if (i % 5 == 4) {
                    client.send("RSET").expect(250);
                }
            }
            assertThat(client.mail("a@b.c", List.of("x@y.z"), MESSAGE).code()).isEqualTo(250);
            client.send("MAIL FROM:<a@b.c>").expect(250);
            for (int i = 0; i < 4; i++) {
                client.send("RCPT TO:<x" + i + "@y.z>").expect(250);
            }
            client.send("RCPT TO:<x4@y.z>").expect(452, "4.5.3 at most 5 recipients in 1 hour");
            client.send("RCPT TO:<x3@y.z>").expect(250);
            client.send("DATA").expect(354);
            client.sendMessage(MESSAGE).expect(250);
            client.send("MAIL FROM:<a@b.c>").expect(450, "come again in 12 minutes");
        }
        assertThat(ingest.accepted()).hasSize(2);
        assertThat(
                        meters.get("posthaste.ingest.policy")
                                .tag("policy", "limits")
                                .tag("outcome", "refused-4xx")
                                .counter()
                                .count())
                .isEqualTo(2);
    }

    @Test
    void octetsAreLimitedByWhatIsDeclaredAndByWhatComes() throws Exception {
        start("limits:\n- {per: sender-domain, of: [b.c], bytes: 1KB/h}");
        try (SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            client.send("MAIL FROM:<a@b.c> SIZE=2000").expect(552, "5.3.4 at most 1024 bytes");
            client.send("MAIL FROM:<a@b.c>").expect(250);
            client.send("RCPT TO:<x@y.z>").expect(250);
            client.send("DATA").expect(354);
            client.sendMessage(filled(2000)).expect(552);
            assertThat(client.mail("a@b.c", List.of("x@y.z"), filled(900)).code()).isEqualTo(250);
            client.send("MAIL FROM:<a@b.c> SIZE=900").expect(451, "4.7.1 at most 1024 bytes");
            assertThat(client.mail("a@other.c", List.of("x@y.z"), filled(2000)).code())
                    .isEqualTo(250);
        }
        assertThat(ingest.accepted()).hasSize(2);
    }

    @Test
    void sessionsAreLimitedAtTheSameTimeAndInATime() throws Exception {
        start("limits:\n- {per: address, concurrent-sessions: 2, sessions: 4/h}");
        SmtpDialogue first = SmtpDialogue.greet(ingest.port());
        SmtpDialogue second = SmtpDialogue.greet(ingest.port());
        try (SmtpDialogue third = SmtpDialogue.connect(ingest.port())) {
            third.expect(421, "4.7.1 at most 2 sessions at the same time");
        }
        first.send("QUIT").expect(221);
        first.close();
        awaitSessions(1);
        SmtpDialogue.greet(ingest.port()).close();
        second.close();
        awaitSessions(0);
        SmtpDialogue.greet(ingest.port()).close();
        try (SmtpDialogue fifth = SmtpDialogue.connect(ingest.port())) {
            fifth.expect(421, "4.7.1 at most 4 sessions in 1 hour");
        }
        try (SmtpDialogue other = stranger()) {
            other.send("NOOP").expect(250);
        }
    }

    @Test
    void recipientsOfAMailAreLimitedAndTheRestMayComeAgain() throws Exception {
        start("limits:\n- {per: address, recipients-per-mail: 2}");
        try (SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            client.send("MAIL FROM:<a@b.c>").expect(250);
            client.send("RCPT TO:<x1@y.z>").expect(250);
            client.send("RCPT TO:<x2@y.z>").expect(250);
            client.send("RCPT TO:<x3@y.z>").expect(452, "4.5.3 a mail may have 2 recipients");
            client.send("DATA").expect(354);
            client.sendMessage(MESSAGE).expect(250);
        }
        assertThat(ingest.accepted().getFirst().recipients()).containsExactly("x1@y.z", "x2@y.z");
    }

    @Test
    void aReloadedFileHoldsForSessionsThatAreOpenAndAWrongOneChangesNothing() throws Exception {
        start("senders: {block: [bad.test]}");
        try (SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            client.send("MAIL FROM:<a@bad.test>").expect(550, "5.7.1");
            client.send("MAIL FROM:<a@worse.test>").expect(250);
            client.send("RSET").expect(250);
            reload("senders: {block: [worse.test]}");
            client.send("MAIL FROM:<a@worse.test>").expect(550, "5.7.1");
            reload("senders: {blok: [bad.test]}");
            client.send("MAIL FROM:<a@worse.test>").expect(550, "5.7.1");
            client.send("MAIL FROM:<a@bad.test>").expect(250);
        }
    }

    @Test
    void sendersAndRecipientsAreBlockedByAddressDomainAndSubdomain() throws Exception {
        start(
                """
                senders: {block: [Spammer@b.test, '*.bad.test'], allow: [good@sub.bad.test]}
                recipients: {block: [old@y.z], refuse-reserved: true}
                """);
        try (SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            client.send("MAIL FROM:<spammer@B.test>").expect(550, "5.7.1");
            client.send("MAIL FROM:<\"Spammer\"@b.test>").expect(550, "5.7.1");
            client.send("MAIL FROM:<x@sub.bad.test>").expect(550, "5.7.1");
            client.send("MAIL FROM:<good@sub.bad.test>").expect(250);
            client.send("RCPT TO:<OLD@y.z>").expect(550, "5.7.1");
            client.send("RCPT TO:<x@host.INVALID>").expect(550, "5.1.2");
            client.send("RCPT TO:<x@y.z>").expect(250);
        }
    }

    @Test
    void aSendersDomainMustExistAndTakeMail() throws Exception {
        dns.mx("mx.test", 10, "host.mx.test").a("a.test", "127.0.0.9").empty("empty.test");
        dns.nullMx("null.test").servfail("broken.test");
        start(dnsPolicy("senders: {domain-exists: strangers, on-dns-failure: retry}"));
        try (SmtpDialogue client = stranger()) {
            assertSender(client, "x@mx.test", 250, "");
            assertSender(client, "x@a.test", 250, "");
            assertSender(client, "", 250, "");
            assertSender(client, "x@none.test", 550, "5.1.8");
            assertSender(client, "x@empty.test", 550, "5.1.8");
            assertSender(client, "x@null.test", 550, "5.7.27");
            assertSender(client, "x@broken.test", 451, "4.4.3");
            reload(dnsPolicy("senders: {domain-exists: strangers, allow: [none.test]}"));
            assertSender(client, "x@none.test", 250, "");
            assertSender(client, "y@broken.test", 250, "");
        }
        try (SmtpDialogue trusted = SmtpDialogue.greet(ingest.port())) {
            assertSender(trusted, "x@null.test", 250, "");
            reload(dnsPolicy("senders: {domain-exists: everyone}"));
            assertSender(trusted, "x@null.test", 550, "5.7.27");
        }
        assertThat(dns.queriesFor("mx.test", "MX")).isEqualTo(1);
    }

    @Test
    void whoMayNotRelayMakesUsAskNobody() throws Exception {
        start(dnsPolicy("senders: {domain-exists: everyone}\ndns-lists: {lists: [zone: bl.test]}"));
        try (SmtpDialogue client = stranger()) {
            client.send("MAIL FROM:<x@none.test>").expect(250);
            client.send("RCPT TO:<x@elsewhere.test>").expect(550, "5.7.1 relaying denied");
        }
        assertThat(dns.queries()).isEmpty();
    }

    @Test
    void aListedStrangerIsRefusedOnceAskedForASession() throws Exception {
        dns.a("2.0.0.127.bl.test", "127.0.0.4");
        start(dnsPolicy("dns-lists: {lists: [{zone: bl.test, text: 'see https://bl.test/{ip}'}]}"));
        try (SmtpDialogue client = stranger()) {
            client.send("MAIL FROM:<x@b.c>").expect(250);
            for (int i = 0; i < 3; i++) {
                client.send("RCPT TO:<x@local.test>")
                        .expect(
                                554,
                                "5.7.1 127.0.0.2 is listed by bl.test: see"
                                        + " https://bl.test/127.0.0.2");
            }
        }
        assertThat(dns.queriesFor("2.0.0.127.bl.test", "A")).isEqualTo(1);
        try (SmtpDialogue trusted = SmtpDialogue.greet(ingest.port())) {
            trusted.send("MAIL FROM:<x@b.c>").expect(250);
            trusted.send("RCPT TO:<x@local.test>").expect(250);
        }
        assertThat(dns.queries()).hasSize(1);
    }

    @Test
    void scoresAreAddedUpAndOnlyCodesThatAreMeantCount() throws Exception {
        dns.a("2.0.0.127.one.test", "127.0.0.2").a("2.0.0.127.two.test", "127.0.0.9");
        String lists =
                "dns-lists: {refuse-at: 2, lists: [{zone: one.test}, {zone: two.test, codes:"
                        + " [127.0.0.8/29]}, {zone: good.test, score: -1}]}";
        start(dnsPolicy(lists));
        assertStranger(554, "is listed by one.test");
        dns.a("2.0.0.127.good.test", "127.0.0.2");
        reload(dnsPolicy(lists + "\nhelo: {}").replace("127.0.0.8/29", "127.0.0.8/28"));
        assertStranger(554, "is listed by one.test");
        reload(dnsPolicy(lists.replace("127.0.0.8/29", "127.0.0.2")));
        assertStranger(250, "");
    }

    @Test
    void anErrorCodeOfAListIsNoListing() throws Exception {
        dns.a("2.0.0.127.bl.test", "127.255.255.254");
        start(dnsPolicy("dns-lists: {lists: [zone: bl.test]}"));
        assertStranger(250, "");
    }

    @Test
    void aListThatDoesNotAnswerDoesNotCountAndIsThenLeftAlone() throws Exception {
        dns.silent("2.0.0.127.dead.test").a("2.0.0.127.bl.test", "127.0.0.2");
        start(dnsPolicy("dns-lists: {timeout: 300ms, lists: [{zone: dead.test}]}"));
        for (int i = 0; i < 4; i++) {
            assertStranger(250, "");
        }
        long asked = dns.queriesFor("2.0.0.127.dead.test", "A");
        assertStranger(250, "");
        assertThat(dns.queriesFor("2.0.0.127.dead.test", "A")).isEqualTo(asked);
        reload(dnsPolicy("dns-lists: {lists: [{zone: dead.test}, {zone: bl.test}]}"));
        assertStranger(554, "is listed by bl.test");
    }

    @Test
    void whatAStrangerCallsItselfMayHaveToBeItsName() throws Exception {
        dns.a("known.test", "127.0.0.9");
        start(dnsPolicy("helo: {full-name: true, not-ours: true, exists: true}"));
        try (SmtpDialogue client = SmtpDialogue.connect(STRANGER, HERE, ingest.port())) {
            client.expect(220);
            for (String wrong : List.of("localhost", "127.0.0.2", "mx.posthaste.test", "<x>")) {
                client.send("EHLO " + wrong).expect(250);
                client.send("MAIL FROM:<a@b.c>").expect(550, "5.7.1");
            }
            client.send("EHLO unknown.test").expect(250);
            client.send("MAIL FROM:<a@b.c>").expect(250);
            client.send("RCPT TO:<x@local.test>").expect(550, "5.7.1");
            for (String right : List.of("known.test", "[127.0.0.2]")) {
                client.send("EHLO " + right).expect(250);
                client.send("MAIL FROM:<a@b.c>").expect(250);
                client.send("RCPT TO:<x@local.test>").expect(250);
            }
        }
    }

    @Test
    void junkIsCutOff() throws Exception {
        start("");
        for (String junk : List.of("XYZZY", "VRFY root", "EXPN all", "DEBUG", "NOOP", "RSET")) {
            try (SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
                int code = 0;
                for (int i = 0; i < 200 && code != 421; i++) {
                    code = client.send(junk).reply().code();
                    assertThat(code).as(junk).isIn(250, 252, 421, 500, 502);
                }
                assertThat(code).as(junk).isEqualTo(421);
                client.expectClosed();
            }
        }
        for (String other : List.of("GET / HTTP/1.1", "POST / HTTP/1.1", "CONNECT a:1 HTTP/1.1")) {
            try (SmtpDialogue client = SmtpDialogue.connect(ingest.port())) {
                client.expect(220);
                client.send(other, "MAIL FROM:<a@b.c>");
                assertThat(client.reply().code()).isGreaterThan(400);
                client.expectClosed();
            }
        }
    }

    private void assertStranger(int code, String part) {
        try (SmtpDialogue client = stranger()) {
            client.send("MAIL FROM:<x@b.c>").expect(250);
            client.send("RCPT TO:<x@local.test>").expect(code, part);
        }
    }

    private static void assertSender(SmtpDialogue client, String sender, int code, String part) {
        client.send("MAIL FROM:<" + sender + ">").expect(250);
        client.send("RCPT TO:<x@local.test>").expect(code, part);
        client.send("RSET").expect(250);
    }

    private String dnsPolicy(String rest) {
        return "relay: {domains: [local.test]}\ndns: {servers: ['127.0.0.1:"
                + dns.port()
                + "'], timeout: 2s}\n"
                + rest
                + "\n";
    }

    private void start(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("policy.yaml"), text);
        policy = watch.watch("policy", file, PolicyFile::read);
        quotas =
                new Quotas(
                        () -> policy.current().limits(),
                        "one",
                        UsageBoard.ALONE,
                        InstantSource.system(),
                        System::nanoTime,
                        Duration.ofMinutes(1));
        stress =
                new Stress(
                        () -> policy.current().stress(), List.of(), Duration.ofMinutes(1), meters);
        ListenerSettings settings = ListenerUnderTest.settings(ListenerUnderTest.LIMITS);
        ingest =
                ListenerUnderTest.start(
                        settings,
                        new MemoryBudget(64 << 20),
                        new ListenerPolicies(
                                        policy::current,
                                        quotas,
                                        new PolicyDns(() -> policy.current().dns()),
                                        stress,
                                        meters)
                                .of(settings.hostName(), settings.trusted(), false, List.of()),
                        door -> new ChargingAcceptor(door, quotas));
    }

    private void reload(String text) throws Exception {
        Files.writeString(folder.resolve("policy.yaml"), text);
        watch.look();
        watch.look();
    }

    private void awaitSessions(int number) {
        await().atMost(Duration.ofSeconds(30)).until(() -> ingest.listener().sessions() == number);
    }

    private SmtpDialogue stranger() {
        SmtpDialogue client = SmtpDialogue.connect(STRANGER, HERE, ingest.port());
        client.expect(220);
        client.send("EHLO client.test").expect(250);
        return client;
    }

    private static byte[] filled(int octets) {
        return ("Subject: x\r\n\r\n" + "x".repeat(60).concat("\r\n").repeat(octets / 62))
                .getBytes(StandardCharsets.US_ASCII);
    }
}
