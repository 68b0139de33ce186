package posthaste.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.body.MemoryBudget;
import posthaste.ingest.auth.SenderRights;
import posthaste.ingest.policy.AllPolicies;
import posthaste.ingest.policy.Network;
import posthaste.ingest.policy.relay.LoginRule;
import posthaste.ingest.policy.relay.RelayRights;
import posthaste.ingest.policy.relay.RelayRightsPolicy;
import posthaste.ingest.policy.relay.RelayRules;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.ingest.smtp.ListenerSettings.Limits;
import posthaste.ingest.smtp.ListenerSettings.Tls;
import posthaste.ingest.smtp.ListenerSettings.TlsMode;
import posthaste.ingest.tls.ClientCertificates;
import posthaste.testing.FreePort;
import posthaste.testing.Requires;
import posthaste.testing.SelfSignedCertificate;
import posthaste.testing.SmtpDialogue;

/** Clients that come through others: the PROXY protocol and XCLIENT, from configured addresses. */
class BehindProxiesIT {
    private static final byte[] MESSAGE = "Subject: x\r\n\r\nx\r\n".getBytes(ISO_8859_1);
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress PROXY = InetAddress.ofLiteral("127.0.0.3");
    private static final List<Network> PROXIES = List.of(Network.parse("127.0.0.3"));

    @TempDir private Path folder;

    @Test
    void theClientIsWhomTheProxyAnnouncesAndHasThatOnesRights() {
        try (ListenerUnderTest ingest = start(settings(PROXIES, List.of()))) {
            try (SmtpDialogue client = from(PROXY, ingest)) {
                client.send("PROXY TCP4 127.0.0.1 10.0.0.1 4660 25", "EHLO c");
                client.expect(220);
                client.expect(250);
                assertThat(client.mail("a@b.c", List.of("x@y.z"), MESSAGE).code()).isEqualTo(250);
                assertThat(ingest.accepted().getFirst().envelope().client().address())
                        .isEqualTo("127.0.0.1");
            }
            try (SmtpDialogue stranger = from(PROXY, ingest)) {
                stranger.send("PROXY TCP4 192.0.2.9 10.0.0.1 4660 25").expect(220);
                stranger.send("EHLO c").expect(250);
                stranger.send("MAIL FROM:<a@b.c>").expect(250);
                stranger.send("RCPT TO:<x@y.z>").expect(550, "5.7.1");
            }
        }
    }

    @Test
    void aProxyThatSendsNoHeaderIsNotServed() {
        Limits limits = limits(40, Duration.ofMillis(300));
        try (ListenerUnderTest ingest =
                start(ListenerUnderTest.settings(limits).behind(PROXIES, List.of()))) {
            try (SmtpDialogue silent = from(PROXY, ingest)) {
                silent.expectClosed();
            }
            try (SmtpDialogue hasty = from(PROXY, ingest)) {
                hasty.send("EHLO c").expectClosed();
            }
        }
    }

    @Test
    void fromElsewhereAHeaderIsABadCommand() {
        try (ListenerUnderTest ingest = start(settings(PROXIES, List.of()));
                SmtpDialogue liar = from(InetAddress.ofLiteral("127.0.0.2"), ingest)) {
            liar.expect(220);
            liar.send("PROXY TCP4 127.0.0.1 10.0.0.1 4660 25").expect(500);
            liar.send("XCLIENT ADDR=127.0.0.1").expect(500);
            liar.send("EHLO c").expect(250);
            liar.send("MAIL FROM:<a@b.c>").expect(250);
            liar.send("RCPT TO:<x@y.z>").expect(550, "5.7.1");
        }
    }

    @Test
    void sessionsAreCountedByTheClientsOwnAddress() {
        try (ListenerUnderTest ingest =
                        start(
                                ListenerUnderTest.settings(limits(1, Duration.ofSeconds(20)))
                                        .behind(PROXIES, PROXIES));
                SmtpDialogue first = from(PROXY, ingest);
                SmtpDialogue second = from(PROXY, ingest);
                SmtpDialogue third = from(PROXY, ingest)) {
            first.send("PROXY TCP4 192.0.2.9 10.0.0.1 1 25").expect(220);
            second.send("PROXY TCP4 192.0.2.9 10.0.0.1 2 25").expect(421, "4.7.0");
            third.send("PROXY TCP4 192.0.2.10 10.0.0.1 3 25").expect(220);
            first.send("QUIT").expect(221);
            first.expectClosed();
            await().untilAsserted(() -> {
                try (SmtpDialogue next = from(PROXY, ingest)) {
                    next.send("PROXY TCP4 192.0.2.9 10.0.0.1 4 25").expect(220);
                }
            });
        }
    }

    @Test
    void theHeaderStandsBeforeTheHandshakeOfImplicitTls() {
        ListenerSettings settings =
                settings(PROXIES, List.of())
                        .withTls(
                                new Tls(TlsMode.IMPLICIT, List.of("own"), ClientCertificates.NONE));
        try (ListenerUnderTest ingest =
                        ListenerUnderTest.start(
                                settings,
                                Bundles.tls(
                                        Bundles.of(SelfSignedCertificate.forHost("mx.test")),
                                        ClientCertificates.NONE));
                SmtpDialogue client = from(PROXY, ingest)) {
            client.send("PROXY TCP4 127.0.0.1 10.0.0.1 4660 465").handshake();
            client.expect(220);
            client.send("EHLO c").expect(250);
            assertThat(client.mail("a@b.c", List.of("x@y.z"), MESSAGE).code()).isEqualTo(250);
            assertThat(ingest.accepted().getFirst().receivedField())
                    .contains("([127.0.0.1])")
                    .contains("with ESMTPS");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"send-proxy", "send-proxy-v2"})
    void haproxyAnnouncesItsClients(String version) throws Exception {
        Path haproxy = Requires.program("haproxy");
        int front = FreePort.tcp();
        try (ListenerUnderTest ingest = start(settings(PROXIES, List.of()))) {
            Path configuration = folder.resolve("haproxy.cfg");
            Files.writeString(
                    configuration,
                    """
                    defaults
                        mode tcp
                        timeout connect 10s
                        timeout client 30s
                        timeout server 30s
                    listen smtp
                        bind 127.0.0.1:%d
                        server posthaste 127.0.0.1:%d source 127.0.0.3 %s
                    """
                            .formatted(front, ingest.port(), version));
            Process proxy =
                    new ProcessBuilder(haproxy.toString(), "-db", "-f", configuration.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("haproxy.log").toFile())
                            .start();
            try {
                await().atMost(Duration.ofSeconds(30))
                        .ignoreExceptions()
                        .untilAsserted(() -> SmtpDialogue.greet(front).close());
                try (SmtpDialogue client = SmtpDialogue.greet(front)) {
                    assertThat(client.mail("a@b.c", List.of("x@y.z"), MESSAGE).code())
                            .isEqualTo(250);
                }
                try (SmtpDialogue stranger =
                        SmtpDialogue.connect(InetAddress.ofLiteral("127.0.0.2"), LOOPBACK, front)) {
                    stranger.expect(220);
                    stranger.send("EHLO c").expect(250);
                    stranger.send("MAIL FROM:<a@b.c>").expect(250);
                    stranger.send("RCPT TO:<x@y.z>").expect(550, "5.7.1");
                }
                assertThat(ingest.accepted().getFirst().envelope().client().address())
                        .isEqualTo("127.0.0.1");
            } finally {
                proxy.destroy();
                assertThat(proxy.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void aMailProxySpeaksForItsClient() {
        try (ListenerUnderTest ingest = start(settings(List.of(), PROXIES));
                SmtpDialogue proxy = from(PROXY, ingest)) {
            proxy.expect(220);
            assertThat(proxy.send("EHLO proxy.test").expect(250).text())
                    .contains("XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT");
            proxy.send(
                            "XCLIENT NAME=client.example ADDR=127.0.0.1 PORT=4660 PROTO=ESMTP"
                                    + " HELO=client+2Eexample DESTADDR=IPV6:::1 DESTPORT=25")
                    .expect(220, "ESMTP");
            proxy.send("MAIL FROM:<a@b.c>").expect(503, "EHLO");
            proxy.send("EHLO proxy.test").expect(250);
            assertThat(proxy.mail("a@b.c", List.of("x@y.z"), MESSAGE).code()).isEqualTo(250);
            assertThat(ingest.accepted().getFirst().envelope().client())
                    .satisfies(client -> {
                        assertThat(client.address()).isEqualTo("127.0.0.1");
                        assertThat(client.helo()).isEqualTo("client.example");
                        assertThat(client.login()).isEmpty();
                    });
            proxy.send("XCLIENT ADDR=IPV6:2001:db8::9 LOGIN=kim").expect(220);
            proxy.send("EHLO proxy.test").expect(250);
            proxy.send("MAIL FROM:<a@b.c>").expect(250);
            proxy.send("RCPT TO:<x@y.z>").expect(250);
            proxy.send("XCLIENT ADDR=127.0.0.1").expect(503);
            proxy.send("RSET").expect(250);
            proxy.send("XCLIENT ADDR=[UNAVAILABLE]").expect(220);
            proxy.send("EHLO proxy.test").expect(250);
            proxy.send("MAIL FROM:<a@b.c>").expect(250);
            proxy.send("RCPT TO:<x@y.z>").expect(550, "5.7.1");
        }
    }

    /** The proxy has seen the password: rights go by the name, senders are the proxy's to check. */
    @Test
    void aLoginThatTheProxyTellsHasItsRightsAndMaySendAsAnybody() {
        AtomicReference<LoginRule> relaying = new AtomicReference<>(LoginRule.ALL);
        ListenerSettings settings = settings(List.of(), PROXIES);
        RelayRightsPolicy rights =
                new RelayRightsPolicy(
                        () ->
                                new RelayRules(
                                        new RelayRights(
                                                Optional.of(List.of()), relaying.get(), List.of()),
                                        Map.of(),
                                        List.of()),
                        List.of());
        try (ListenerUnderTest ingest =
                        ListenerUnderTest.start(
                                settings,
                                new MemoryBudget(64 << 20),
                                new AllPolicies(List.of(new SenderRights(), rights)),
                                door -> door);
                SmtpDialogue proxy = from(PROXY, ingest)) {
            proxy.expect(220);
            proxy.send("EHLO proxy.test").expect(250);
            for (LoginRule rule :
                    List.of(
                            LoginRule.ALL,
                            new LoginRule(false, Set.of("kim")),
                            new LoginRule(false, Set.of("lee")),
                            LoginRule.NONE)) {
                relaying.set(rule);
                proxy.send("XCLIENT ADDR=192.0.2.9 LOGIN=kim").expect(220);
                proxy.send("EHLO proxy.test").expect(250);
                proxy.send("MAIL FROM:<anybody@example.org>").expect(250);
                boolean relays = rule.all() || rule.names().contains("kim");
                proxy.send("RCPT TO:<x@y.z>").expect(relays ? 250 : 550);
                proxy.send("RSET").expect(250);
            }
            relaying.set(LoginRule.ALL);
            proxy.send("XCLIENT ADDR=192.0.2.9 LOGIN=[UNAVAILABLE]").expect(220);
            proxy.send("EHLO proxy.test").expect(250);
            proxy.send("MAIL FROM:<anybody@example.org>").expect(250);
            proxy.send("RCPT TO:<x@y.z>").expect(550, "5.7.1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "XCLIENT",
                "XCLIENT ADDR",
                "XCLIENT ADDR=x",
                "XCLIENT ADDR=10",
                "XCLIENT ADDR=IPV6:10.0.0.1",
                "XCLIENT ADDR=2001:db8::1",
                "XCLIENT ADDR=10.0.0.1 ADDR=10.0.0.2",
                "XCLIENT WHO=me",
                "XCLIENT HELO=a+0D+0Ab",
                "XCLIENT PORT=x",
                "XCLIENT PROTO=LMTP",
            })
    void whatItSaysWronglyIsRefused(String command) {
        try (ListenerUnderTest ingest = start(settings(List.of(), PROXIES));
                SmtpDialogue proxy = from(PROXY, ingest)) {
            proxy.expect(220);
            proxy.send(command).expect(501, "5.5.4");
            proxy.send("NOOP").expect(250);
        }
    }

    @Test
    void othersMayNotSpeakForAnybody() {
        try (ListenerUnderTest ingest = start(settings(List.of(), PROXIES));
                SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            assertThat(client.send("EHLO c").expect(250).text()).doesNotContain("XCLIENT");
            client.send("XCLIENT ADDR=127.0.0.1").expect(550, "5.7.1");
        }
    }

    private static SmtpDialogue from(InetAddress address, ListenerUnderTest ingest) {
        return SmtpDialogue.connect(address, LOOPBACK, ingest.port());
    }

    private static ListenerUnderTest start(ListenerSettings settings) {
        return ListenerUnderTest.start(settings);
    }

    private static ListenerSettings settings(List<Network> proxies, List<Network> xclients) {
        return ListenerUnderTest.settings(ListenerUnderTest.LIMITS).behind(proxies, xclients);
    }

    private static Limits limits(int perAddress, Duration handshake) {
        Limits usual = ListenerUnderTest.LIMITS;
        return new Limits(
                usual.messageSize(),
                usual.drain(),
                usual.recipients(),
                usual.mails(),
                usual.sessions(),
                perAddress,
                usual.errors(),
                usual.idleCommands(),
                handshake,
                usual.commandTimeout(),
                usual.dataTimeout(),
                usual.sessionTimeout(),
                usual.dataRate(),
                usual.dataGrace());
    }
}
