package posthaste.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.ingest.smtp.ListenerSettings.Limits;
import posthaste.ingest.smtp.ListenerSettings.Tls;
import posthaste.ingest.smtp.ListenerSettings.TlsMode;
import posthaste.ingest.tls.ClientCertificates;
import posthaste.ingest.tls.ServerTls;
import posthaste.testing.Requires;
import posthaste.testing.SelfSignedCertificate;
import posthaste.testing.SmtpDialogue;

/** TLS at the listener, and cases 33 to 40 of the attack list. */
class TlsIT {
    private static final SelfSignedCertificate OURS =
            SelfSignedCertificate.forHost("mx.posthaste.test");
    private static final SelfSignedCertificate CLIENTS =
            SelfSignedCertificate.forHost("client.test");
    private static final byte[] MESSAGE = "Subject: x\r\n\r\nx\r\n".getBytes(ISO_8859_1);

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void startTlsEncryptsAndTheReceivedFieldSaysHow(String protocol) {
        try (ListenerUnderTest ingest = listener(TlsMode.OFFERED);
                SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            client.send("STARTTLS").expect(220);
            client.handshake(CLIENTS.clientContext(), "mx.posthaste.test", protocol);
            assertThat(client.send("EHLO again.test").expect(250).text())
                    .doesNotContain("STARTTLS")
                    .contains("PIPELINING");
            assertThat(client.mail("a@b.c", List.of("x@y.z"), MESSAGE).code()).isEqualTo(250);
            assertThat(ingest.accepted().getFirst().receivedField())
                    .contains("from again.test")
                    .contains(
                            "with ESMTPS\r\n\t("
                                    + protocol
                                    + " "
                                    + client.tls().getCipherSuite()
                                    + ") id ");
            assertThat(ingest.accepted().getFirst().message())
                    .isEqualTo(new String(MESSAGE, ISO_8859_1));
            client.send("MAIL FROM:<\u00fc@b.c> SMTPUTF8").expect(250);
            client.send("RCPT TO:<x@y.z>").expect(250);
            client.send("DATA").expect(354);
            client.sendMessage(MESSAGE).expect(250);
            assertThat(ingest.accepted().getLast().receivedField()).contains("with UTF8SMTPS\r\n");
            client.send("QUIT").expect(221);
            client.expectClosed();
        }
    }

    @Test
    void implicitTlsBeginsWithTheHandshakeAndCarriesLargeMessages() {
        byte[] message =
                ("Subject: large\r\n\r\n" + ("x".repeat(998) + "\r\n").repeat(1000))
                        .getBytes(ISO_8859_1);
        try (ListenerUnderTest ingest = listener(TlsMode.IMPLICIT);
                SmtpDialogue client = SmtpDialogue.connect(ingest.port()).handshake()) {
            client.expect(220);
            assertThat(client.send("EHLO c").expect(250).text()).doesNotContain("STARTTLS");
            client.send("STARTTLS").expect(503, "5.5.1");
            assertThat(client.mail("a@b.c", List.of("x@y.z"), message).code()).isEqualTo(250);
            assertThat(ingest.accepted().getFirst().message())
                    .isEqualTo(new String(message, ISO_8859_1));
            // A pipelined batch in one record, its replies in order.
            client.send("MAIL FROM:<a@b.c>", "RCPT TO:<x@y.z>", "RSET", "NOOP");
            for (int i = 0; i < 4; i++) {
                client.expect(250);
            }
        }
    }

    @Test
    void withoutTlsItIsNeitherOfferedNorDone() {
        try (ListenerUnderTest ingest = ListenerUnderTest.start();
                SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            assertThat(client.send("EHLO c").expect(250).text()).doesNotContain("STARTTLS");
            client.send("STARTTLS").expect(502, "5.5.1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "STARTTLS\r\nMAIL FROM:<inj@b.c>\r\n",
                "STARTTLS\r\nR",
                "EHLO c\r\nSTARTTLS\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<x@y.z>\r\nDATA\r\n\r\n.\r\n",
            })
    void whatIsSentTogetherWithStartTlsIsNeverRun(String together) {
        try (ListenerUnderTest ingest = listener(TlsMode.OFFERED);
                SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            client.sendBytes(together.getBytes(UTF_8));
            SmtpDialogue.Reply reply = client.reply();
            if (reply.code() == 250) {
                reply = client.reply();
            }
            assertThat(reply.code()).isEqualTo(554);
            client.expectClosed();
            assertThat(ingest.accepted()).isEmpty();
        }
    }

    @Test
    void whatWasSaidBeforeTlsIsForgotten() {
        try (ListenerUnderTest ingest = listener(TlsMode.OFFERED);
                SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            client.send("MAIL FROM:<a@b.c>").expect(250);
            client.send("RCPT TO:<x@y.z>").expect(250);
            client.send("STARTTLS").expect(220);
            client.handshake();
            client.send("DATA").expect(503);
            client.send("MAIL FROM:<a@b.c>").expect(503, "EHLO");
            client.send("EHLO c").expect(250);
            client.send("RCPT TO:<x@y.z>").expect(503);
        }
    }

    @Test
    void startTlsTakesNoArgument() {
        try (ListenerUnderTest ingest = listener(TlsMode.OFFERED);
                SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            client.send("STARTTLS x").expect(501, "5.5.4");
            client.send("NOOP").expect(250);
        }
    }

    @Test
    void garbageInsteadOfAHandshakeEndsTheSession() {
        try (ListenerUnderTest ingest = listener(TlsMode.OFFERED);
                SmtpDialogue client = SmtpDialogue.greet(ingest.port());
                SmtpDialogue other = SmtpDialogue.greet(ingest.port())) {
            client.send("STARTTLS").expect(220);
            client.send("MAIL FROM:<a@b.c>", "RCPT TO:<x@y.z>", "DATA", "", ".");
            // An alert may come first.
            assertThatThrownBy(client::reply)
                    .isInstanceOfAny(AssertionError.class, UncheckedIOException.class);
            other.send("NOOP").expect(250);
            await().untilAsserted(() -> assertThat(ended(ingest, "tls-failed")).isEqualTo(1));
            assertThat(ingest.accepted()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHandshakeThatDoesNotComeEndsTheSession(boolean implicit) {
        Limits limits = limits(1, Duration.ofMillis(300), Duration.ofSeconds(20));
        try (ListenerUnderTest ingest =
                listener(implicit ? TlsMode.IMPLICIT : TlsMode.OFFERED, limits)) {
            try (SmtpDialogue silent = SmtpDialogue.connect(ingest.port())) {
                if (!implicit) {
                    silent.expect(220);
                    silent.send("STARTTLS").expect(220);
                }
                silent.expectClosed();
            }
            await().untilAsserted(() -> assertThat(ingest.listener().sessions()).isZero());
            try (SmtpDialogue next = SmtpDialogue.connect(ingest.port())) {
                if (implicit) {
                    next.handshake();
                }
                next.expect(220);
            }
        }
    }

    @Test
    void oldProtocolsAndWeakSuitesAreNotSpoken() throws Exception {
        String openssl = Requires.program("openssl").toString();
        try (ListenerUnderTest ingest = listener(TlsMode.IMPLICIT)) {
            String server = "127.0.0.1:" + ingest.port();
            for (String weak :
                    List.of(
                            "-tls1 -cipher DEFAULT@SECLEVEL=0",
                            "-tls1_1 -cipher DEFAULT@SECLEVEL=0",
                            "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0",
                            "-tls1_2 -cipher AES128-SHA:AES128-GCM-SHA256:@SECLEVEL=0",
                            "-tls1_2 -cipher NULL:RC4:eNULL:@SECLEVEL=0")) {
                assertThat(sClient(openssl, server, weak))
                        .as(weak)
                        .doesNotContain("220 mx.posthaste.test");
            }
            assertThat(sClient(openssl, server, "-tls1_2")).contains("220 mx.posthaste.test");
            assertThat(sClient(openssl, server, "-tls1_3")).contains("220 mx.posthaste.test");
        }
    }

    @Test
    void whereTlsIsRequiredNothingElseIsHeardBefore() {
        try (ListenerUnderTest ingest = listener(TlsMode.REQUIRED);
                SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            for (String command :
                    List.of(
                            "MAIL FROM:<a@b.c>",
                            "RCPT TO:<x@y.z>",
                            "DATA",
                            "RSET",
                            "HELO c",
                            "AUTH PLAIN",
                            "VRFY x",
                            "FOO")) {
                client.send(command).expect(530, "5.7.0");
            }
            client.send("NOOP").expect(250);
            client.send("STARTTLS").expect(220);
            client.handshake();
            client.send("EHLO c").expect(250);
            assertThat(client.mail("a@b.c", List.of("x@y.z"), MESSAGE).code()).isEqualTo(250);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whereCertificatesAreRequiredStrangersStayOutside(String protocol) {
        ServerTls tls = Bundles.tls(Bundles.of(OURS, CLIENTS), ClientCertificates.REQUIRED);
        try (ListenerUnderTest ingest = listener(TlsMode.IMPLICIT, ListenerUnderTest.LIMITS, tls);
                SmtpDialogue known = SmtpDialogue.connect(ingest.port());
                SmtpDialogue stranger = SmtpDialogue.connect(ingest.port())) {
            known.handshake(CLIENTS.clientContext(), "mx.posthaste.test", protocol).expect(220);
            // In TLS 1.3 the client's handshake is done before the server has judged.
            assertThatThrownBy(() ->
                            stranger.handshake(OURS.clientContext(), "mx.posthaste.test", protocol)
                                    .expect(220))
                    .isInstanceOfAny(UncheckedIOException.class, AssertionError.class);
        }
    }

    @Test
    void aClientGetsTheCertificateOfTheNameThatItAsksForElseTheFirst()
            throws SSLPeerUnverifiedException {
        SelfSignedCertificate other = SelfSignedCertificate.forHost("smtp.example.org");
        DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();
        bundles.registerBundle("other", Bundles.of(other));
        bundles.registerBundle("own", Bundles.of(OURS));
        ServerTls tls = Bundles.tls(bundles, List.of("own", "other"), ClientCertificates.NONE);
        try (ListenerUnderTest ingest = listener(TlsMode.IMPLICIT, ListenerUnderTest.LIMITS, tls)) {
            assertThat(shown(ingest, "smtp.example.org")).isEqualTo(other.certificate());
            assertThat(shown(ingest, "mx.posthaste.test")).isEqualTo(OURS.certificate());
            assertThat(shown(ingest, "unknown.example")).isEqualTo(OURS.certificate());
        }
    }

    @Test
    void aNewCertificateIsForNewSessionsAndAWrongOneForNone() throws SSLPeerUnverifiedException {
        SelfSignedCertificate next = SelfSignedCertificate.forHost("mx.posthaste.test");
        DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("own", Bundles.of(OURS));
        ServerTls tls = Bundles.tls(bundles, List.of("own"), ClientCertificates.NONE);
        try (ListenerUnderTest ingest = listener(TlsMode.IMPLICIT, ListenerUnderTest.LIMITS, tls);
                SmtpDialogue before = SmtpDialogue.connect(ingest.port()).handshake()) {
            before.expect(220);
            bundles.updateBundle("own", Bundles.of(next));
            assertThat(shown(ingest, "mx.posthaste.test")).isEqualTo(next.certificate());
            before.send("EHLO c").expect(250);
            assertThat(before.mail("a@b.c", List.of("x@y.z"), MESSAGE).code()).isEqualTo(250);

            bundles.updateBundle(
                    "own", Bundles.of(OURS.certificatePem(), next.privateKeyPem(), null));
            assertThat(shown(ingest, "mx.posthaste.test")).isEqualTo(next.certificate());
            bundles.updateBundle("own", Bundles.of(OURS));
            assertThat(shown(ingest, "mx.posthaste.test")).isEqualTo(OURS.certificate());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anIdleClientIsToldWhyItIsLeftAlsoInTls(String protocol) {
        Limits limits = limits(10, Duration.ofSeconds(20), Duration.ofMillis(300));
        try (ListenerUnderTest ingest = listener(TlsMode.IMPLICIT, limits);
                SmtpDialogue idle = SmtpDialogue.connect(ingest.port())) {
            idle.handshake(CLIENTS.clientContext(), "mx.posthaste.test", protocol).expect(220);
            idle.expect(421, "4.4.2");
            idle.expectClosed();
        }
    }

    @Test
    void aClientThatReadsNothingIsDroppedAlsoInTls() {
        Limits limits = limits(10, Duration.ofSeconds(20), Duration.ofMillis(300));
        try (ListenerUnderTest ingest = listener(TlsMode.IMPLICIT, limits);
                SmtpDialogue deaf = SmtpDialogue.connect(ingest.port()).handshake()) {
            deaf.expect(220);
            Thread talking =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (true) {
                                        deaf.sendBytes(
                                                "MAIL FROM:<a@b.c>\r\nRSET\r\n"
                                                        .repeat(500)
                                                        .getBytes(UTF_8));
                                    }
                                } catch (UncheckedIOException e) {
                                    // Dropped, as it should be.
                                }
                            });
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(ingest.listener().sessions()).isZero());
            talking.interrupt();
        }
    }

    @Test
    void aStopIsToldAlsoToWhoIsInAHandshake() {
        try (ListenerUnderTest ingest = listener(TlsMode.OFFERED);
                SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            client.send("STARTTLS").expect(220);
            Thread stop =
                    Thread.ofVirtual()
                            .start(() ->
                                    ingest.listener()
                                            .stop(Duration.ofSeconds(20), Duration.ofSeconds(5)));
            client.handshake();
            // It may have come between handshake and stop, and then it is told as soon as it is
            // idle.
            client.expect(421, "4.3.2");
            client.expectClosed();
            assertThat(join(stop)).isTrue();
        }
    }

    private static boolean join(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static java.security.cert.Certificate shown(ListenerUnderTest ingest, String name)
            throws SSLPeerUnverifiedException {
        try (SmtpDialogue client =
                SmtpDialogue.connect(ingest.port())
                        .handshake(CLIENTS.clientContext(), name, "TLSv1.3")) {
            client.expect(220);
            return client.tls().getPeerCertificates()[0];
        }
    }

    private static String sClient(String openssl, String server, String options) throws Exception {
        Process process =
                new ProcessBuilder(
                                (openssl + " s_client -quiet -connect " + server + " " + options)
                                        .split(" "))
                        .redirectErrorStream(true)
                        .start();
        try {
            process.getOutputStream().write("quit\r\n".getBytes(UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            // It gave up before it could say anything.
        }
        byte[] out = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new String(out, UTF_8);
    }

    private static double ended(ListenerUnderTest ingest, String how) {
        return ingest.meters.get("posthaste.ingest.sessions").tag("end", how).counter().count();
    }

    private static Limits limits(int sessions, Duration handshake, Duration command) {
        Limits usual = ListenerUnderTest.LIMITS;
        return new Limits(
                usual.messageSize(),
                usual.drain(),
                usual.recipients(),
                usual.mails(),
                sessions,
                usual.sessionsPerAddress(),
                usual.errors(),
                1_000_000,
                handshake,
                command,
                usual.dataTimeout(),
                usual.sessionTimeout(),
                usual.dataRate(),
                usual.dataGrace());
    }

    private static ListenerUnderTest listener(TlsMode mode) {
        return listener(mode, ListenerUnderTest.LIMITS);
    }

    private static ListenerUnderTest listener(TlsMode mode, Limits limits) {
        return listener(mode, limits, Bundles.tls(Bundles.of(OURS), ClientCertificates.NONE));
    }

    private static ListenerUnderTest listener(TlsMode mode, Limits limits, ServerTls tls) {
        ListenerSettings settings =
                ListenerUnderTest.settings(limits)
                        .withTls(new Tls(mode, List.of("own"), ClientCertificates.NONE));
        return ListenerUnderTest.start(settings, tls);
    }
}
