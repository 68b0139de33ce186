package posthaste.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import posthaste.ingest.auth.AuthenticationUnderTest;
import posthaste.ingest.smtp.ListenerSettings.Auth;
import posthaste.ingest.smtp.ListenerSettings.AuthMode;
import posthaste.ingest.smtp.ListenerSettings.Tls;
import posthaste.ingest.smtp.ListenerSettings.TlsMode;
import posthaste.ingest.tls.ClientCertificates;
import posthaste.testing.Requires;
import posthaste.testing.SelfSignedCertificate;

/**
 * Cases 34, 41 to 52 and 56 of the attack list at a real listener, and clients that others wrote.
 */
class LoginIT {
    private static final String ALICE = plain("", "alice", "secret");
    private static AuthenticationUnderTest auth;
    private static ListenerUnderTest listener;

    @BeforeAll
    static void start() {
        auth = new AuthenticationUnderTest(1000, 10_000);
        listener =
                ListenerUnderTest.start(
                        ListenerUnderTest.settings(ListenerUnderTest.LIMITS)
                                .withTls(
                                        new Tls(
                                                TlsMode.OFFERED,
                                                List.of("own"),
                                                ClientCertificates.NONE))
                                .withAuth(new Auth(AuthMode.REQUIRED, false)),
                        Optional.of(
                                Bundles.tls(
                                        Bundles.of(SelfSignedCertificate.forHost("localhost")),
                                        ClientCertificates.NONE)),
                        auth.authentication);
    }

    @AfterAll
    static void stop() {
        listener.close();
    }

    @Test
    void inTheClearThereIsNoAuthAndNoMail() throws Exception {
        try (Client client = new Client(false)) {
            assertThat(client.say("EHLO c")).contains("STARTTLS").doesNotContain("AUTH");
            assertThat(client.say("AUTH PLAIN " + ALICE)).startsWith("538 5.7.11 ");
            assertThat(client.say("MAIL FROM:<alice@example.org>")).startsWith("530 5.7.0 ");
        }
    }

    @Test
    void whatWasSaidBeforeTlsIsForgotten() throws Exception {
        try (Client client = new Client(false)) {
            client.say("EHLO c");
            client.say("AUTH PLAIN " + ALICE);
            client.startTls();
            assertThat(client.say("AUTH PLAIN " + ALICE)).startsWith("503 5.5.1 say EHLO");
            client.say("EHLO c");
            assertThat(client.say("MAIL FROM:<alice@example.org>")).startsWith("530 5.7.0 ");
        }
    }

    @Test
    void whoHasLoggedInMayRelayFromItsOwnAddresses() throws Exception {
        int before = listener.accepted().size();
        try (Client client = new Client(true)) {
            assertThat(client.ehlo).contains("AUTH SCRAM-SHA-256 PLAIN LOGIN");
            assertThat(client.say("AUTH PLAIN " + ALICE)).startsWith("235 2.7.0 ");
            assertThat(client.say("AUTH PLAIN " + ALICE)).startsWith("503 5.5.1 ");
            assertThat(client.say("MAIL FROM:<bob@example.net>")).startsWith("553 5.7.1 ");
            assertThat(client.say("MAIL FROM:<Alice@Example.org> AUTH=<>")).startsWith("250 ");
            assertThat(client.say("AUTH PLAIN " + ALICE)).startsWith("503 5.5.1 ");
            assertThat(client.say("RCPT TO:<x@example.com>")).startsWith("250 ");
            assertThat(client.message("From: Bob <bob@example.net>\r\n\r\nx\r\n"))
                    .startsWith("553 5.7.1 ");
            assertThat(client.say("MAIL FROM:<> AUTH=e+3Dmc2@example.org")).startsWith("250 ");
            assertThat(client.say("RCPT TO:<x@example.com>")).startsWith("250 ");
            assertThat(client.message("From: a@news.example.org, alice@example.org\r\n\r\nx\r\n"))
                    .startsWith("250 ");
        }
        assertThat(listener.accepted()).hasSize(before + 1);
        assertThat(listener.accepted().getLast().envelope().client().login()).contains("alice");
    }

    @Test
    void aBadAuthParameterIsRefused() throws Exception {
        try (Client client = new Client(true)) {
            client.say("AUTH PLAIN " + ALICE);
            assertThat(client.say("MAIL FROM:<alice@example.org> AUTH=+ZZ")).startsWith("501 ");
            assertThat(client.say("MAIL FROM:<alice@example.org> AUTH=nobody")).startsWith("501 ");
        }
    }

    @Test
    void everyWayToSayItWrongLeavesTheSessionAlive() throws Exception {
        try (Client client = new Client(true)) {
            assertThat(client.say("AUTH")).startsWith("501 ");
            assertThat(client.say("AUTH GSSAPI")).startsWith("504 ");
            assertThat(client.say("AUTH PLAIN")).isEqualTo("334 ");
            assertThat(client.say("")).startsWith("501 ");
            assertThat(client.say("AUTH PLAIN")).isEqualTo("334 ");
            assertThat(client.say("*")).startsWith("501 ");
            assertThat(client.say("AUTH PLAIN")).isEqualTo("334 ");
            assertThat(client.say("NOOP!")).startsWith("501 ");
            assertThat(client.say("AUTH PLAIN " + base64("nonul"))).startsWith("501 ");
            assertThat(client.say("NOOP")).startsWith("250 ");
            assertThat(client.say("AUTH PLAIN " + ALICE)).startsWith("235 ");
        }
    }

    @Test
    void linesOfTheLargestSizeAreReadAndLargerOnesRefused() throws Exception {
        // Octets of the line with its CRLF: 12,288 are allowed.
        String longest = plain("", "x".repeat(9190), "guess");
        try (Client client = new Client(true)) {
            String response = "A".repeat(12_284) + "==".substring(2);
            assertThat(client.say("AUTH PLAIN")).isEqualTo("334 ");
            assertThat(client.say(response)).startsWith("501 ");
            assertThat(client.say("AUTH PLAIN")).isEqualTo("334 ");
            assertThat(client.say("A".repeat(12_287))).startsWith("500 5.5.6 ");
            assertThat(client.say("AUTH PLAIN " + longest)).startsWith("535 5.7.8 ");
            assertThat(client.say("AUTH PLAIN " + "A".repeat(13_000))).startsWith("500 5.5.");
            assertThat(client.say("NOOP " + "x".repeat(2_000))).startsWith("500 5.5.2 ");
            assertThat(client.say("AUTH PLAIN " + ALICE)).startsWith("235 ");
        }
    }

    @Test
    void tenWrongPasswordsAreThree() throws Exception {
        try (Client client = new Client(true)) {
            String wrong = "AUTH PLAIN " + plain("", "alice", "guess");
            assertThat(client.say(wrong)).startsWith("535 5.7.8 ");
            assertThat(client.say(wrong)).startsWith("535 5.7.8 ");
            assertThat(client.say(wrong)).startsWith("421 4.7.0 ");
            assertThat(client.in.readLine()).isNull();
        }
    }

    @Test
    void pythonLogsInByEachMechanism() throws Exception {
        Path python = Requires.program("python3");
        String out =
                run(
                        0,
                        python.toString(),
                        Path.of("src", "test", "resources", "login_client.py").toString(),
                        String.valueOf(listener.port()),
                        "alice",
                        "secret");
        assertThat(out.lines())
                .containsExactly("sent PLAIN", "sent LOGIN", "sent SCRAM-SHA-256", "refused 535");
    }

    @Test
    void swaksAndCurlLogIn() throws Exception {
        Path swaks = Requires.program("swaks");
        for (String mechanism : List.of("PLAIN", "LOGIN")) {
            assertThat(
                            run(
                                    0,
                                    swaks.toString(),
                                    "--server",
                                    "127.0.0.1:" + listener.port(),
                                    "--tls",
                                    "--auth",
                                    mechanism,
                                    "--auth-user",
                                    "alice",
                                    "--auth-password",
                                    "secret",
                                    "--from",
                                    "alice@example.org",
                                    "--to",
                                    "x@example.com"))
                    .contains("235 2.7.0")
                    .contains("250 2.0.0 queued as");
        }
        Path curl = Requires.program("curl");
        run(
                0,
                curl.toString(),
                "--silent",
                "--show-error",
                "--crlf",
                "--ssl-reqd",
                "--insecure",
                "--url",
                "smtp://127.0.0.1:" + listener.port(),
                "--user",
                "alice:secret",
                "--mail-from",
                "alice@example.org",
                "--mail-rcpt",
                "x@example.com",
                "--upload-file",
                Path.of("src", "test", "resources", "login_client.py").toString());
    }

    private static String run(int status, String... command) throws Exception {
        Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(out).isEqualTo(status);
        return out;
    }

    private static String plain(String authzid, String name, String password) {
        return base64(authzid + "\0" + name + "\0" + password);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** A client that trusts anybody. */
    private static final class Client implements AutoCloseable {
        private Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), listener.port());
        private BufferedReader in;
        private String ehlo = "";

        Client(boolean overTls) throws Exception {
            socket.setSoTimeout(60_000);
            in = reader();
            read();
            if (overTls) {
                say("EHLO c");
                startTls();
                ehlo = say("EHLO c");
            }
        }

        void startTls() throws Exception {
            assertThat(say("STARTTLS")).startsWith("220 ");
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {TrustAnybody.INSTANCE}, null);
            socket =
                    context.getSocketFactory()
                            .createSocket(socket, "localhost", listener.port(), true);
            in = reader();
        }

        String say(String line) throws IOException {
            write(line + "\r\n");
            return read();
        }

        String message(String text) throws IOException {
            assertThat(say("DATA")).startsWith("354 ");
            return say(text + ".");
        }

        private void write(String text) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(UTF_8));
            out.flush();
        }

        private BufferedReader reader() throws IOException {
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        }

        private String read() throws IOException {
            StringBuilder reply = new StringBuilder();
            String line;
            do {
                line = in.readLine();
                if (line == null) {
                    return reply.toString();
                }
                reply.append(reply.isEmpty() ? "" : "\n").append(line);
            } while (line.length() > 3 && line.charAt(3) == '-');
            return reply.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
