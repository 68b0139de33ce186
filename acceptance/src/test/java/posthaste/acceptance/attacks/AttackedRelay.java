package posthaste.acceptance.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.util.FileSystemUtils;
import posthaste.acceptance.RunningPosthaste;
import posthaste.testing.FreePort;
import posthaste.testing.ScriptedDns;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SelfSignedCertificate;
import posthaste.testing.SmtpDialogue;

/**
 * The whole of Posthaste under attack, one for all suites of a test run: what it listens on, and
 * the next hop that records what it relays. Only clients from 127.0.0.1 are trusted.
 */
final class AttackedRelay implements AutoCloseable {
    /** Small enough for a test to exceed it. */
    static final int MESSAGE_LIMIT = 2_000_000;

    static final int SESSIONS = 200;

    /** A load balancer. */
    static final String PROXY = "127.0.0.5";

    static final int SESSIONS_PER_ADDRESS = 60;

    /** Of every user. */
    static final String PASSWORD = "correct horse";

    /** Failed logins of a user after which strangers are not heard for him. */
    static final int FAILURES = 10;

    /** Cheap, so that a test's time goes into other things; still far above a look-up's cost. */
    private static final int BCRYPT_STRENGTH = 8;

    /** Where the neighbours live; the one network inside that DNS may lead to. */
    private static final String NEIGHBOURHOOD = "127.0.1.";

    private final Path folder;
    private final ScriptedSmtpPeer sink;
    private final ScriptedDns dns;
    private final ScriptedSmtpPeer trap;
    private final RunningPosthaste posthaste;
    private final int tlsPort = FreePort.tcp();
    private final int implicitTlsPort = FreePort.tcp();
    private final int submissionPort = FreePort.tcp();
    private final int clearLoginPort = FreePort.tcp();
    private final int proxiedPort = FreePort.tcp();
    private final List<Mark> marks = new CopyOnWriteArrayList<>();
    private final AtomicInteger count = new AtomicInteger();

    private AttackedRelay() {
        try {
            folder = Files.createTempDirectory("posthaste-attacked");
            writeCertificate();
            writeUsers();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sink = ScriptedSmtpPeer.start();
        dns = ScriptedDns.start();
        trap = ScriptedSmtpPeer.start();
        RunningPosthaste.Plan plan =
                RunningPosthaste.on(folder.resolve("data"))
                        .with("posthaste.routing.routes[*.attack.example]", sink.hostAndPort())
                        .with("posthaste.routing.dns-servers", "127.0.0.1:" + dns.port())
                        .with("posthaste.routing.allowed-networks", NEIGHBOURHOOD + "0/24")
                        .with("posthaste.outbound.port", trap.port())
                        .with("posthaste.outbound.helo", "mx.attacked.example")
                        .with("posthaste.smtp.host-name", "mx.attacked.example")
                        .with("posthaste.smtp.trusted-networks", "127.0.0.1")
                        .with("posthaste.smtp.max-message-size", MESSAGE_LIMIT + "B")
                        .with("posthaste.smtp.drain-limit", "8MB")
                        .with("posthaste.smtp.max-sessions", SESSIONS)
                        .with("posthaste.smtp.max-sessions-per-address", SESSIONS_PER_ADDRESS)
                        .with("posthaste.smtp.command-timeout", "10s")
                        .with("posthaste.smtp.min-data-rate", "1000B")
                        .with("posthaste.smtp.data-grace", "8s")
                        .with("posthaste.smtp.handshake-timeout", "10s")
                        .with("posthaste.retry.tiers", "1s,2s")
                        .with("spring.ssl.bundle.pem.own.keystore.certificate", file("own.pem"))
                        .with("spring.ssl.bundle.pem.own.keystore.private-key", file("own.key"));
        listener(plan, "relay", plan.smtpPort(), "none");
        listener(plan, "tls", tlsPort, "offered");
        listener(plan, "implicit", implicitTlsPort, "implicit");
        listener(plan, "submission", submissionPort, "required");
        listener(plan, "clear", clearLoginPort, "offered");
        listener(plan, "proxied", proxiedPort, "none");
        plan.with("posthaste.smtp.listeners.proxied.proxy-networks", PROXY);
        plan.with("posthaste.smtp.listeners.tls.auth", "offered")
                .with("posthaste.smtp.listeners.submission.auth", "required")
                .with("posthaste.smtp.listeners.clear.auth", "offered")
                .with("posthaste.smtp.listeners.clear.auth-in-clear", true)
                .with("posthaste.login.users-file", folder.resolve("users"))
                .with("posthaste.login.user-failures", FAILURES)
                .with("posthaste.login.failure-delay", "100ms");
        posthaste = plan.start();
    }

    private static void listener(RunningPosthaste.Plan plan, String name, int port, String tls) {
        String prefix = "posthaste.smtp.listeners." + name + ".";
        plan.with(prefix + "port", port).with(prefix + "tls", tls);
        if (!tls.equals("none")) {
            plan.with(prefix + "certificates", "own");
        }
    }

    private void writeUsers() throws IOException {
        StringBuilder users = new StringBuilder();
        for (String name : List.of("ada", "eve", "victim", "timed")) {
            users.append(
                    "user %1$s password={bcrypt}%2$s senders=%1$s.example\n"
                            .formatted(
                                    name,
                                    new BCryptPasswordEncoder(BCRYPT_STRENGTH).encode(PASSWORD)));
        }
        Files.writeString(folder.resolve("users"), users);
    }

    private String file(String name) {
        return "file:" + folder.resolve(name);
    }

    private void writeCertificate() throws IOException {
        SelfSignedCertificate own = SelfSignedCertificate.forHost("mx.attacked.example");
        Files.writeString(folder.resolve("own.pem"), own.certificatePem());
        Files.writeString(folder.resolve("own.key"), own.privateKeyPem());
    }

    ScriptedSmtpPeer sink() {
        return sink;
    }

    RunningPosthaste posthaste() {
        return posthaste;
    }

    /** Where STARTTLS is offered, and the network trusted as on the first port. */
    int tlsPort() {
        return tlsPort;
    }

    /** Where all is TLS. */
    int implicitTlsPort() {
        return implicitTlsPort;
    }

    /** Where STARTTLS is required. */
    int submissionPort() {
        return submissionPort;
    }

    /** Where one may log in in the clear, too, as on the loopback interface alone. */
    int clearLoginPort() {
        return clearLoginPort;
    }

    /** Where clients from {@link #PROXY} are told of by the PROXY protocol. */
    int proxiedPort() {
        return proxiedPort;
    }

    /** What DNS says of all domains but those of marks. */
    ScriptedDns dns() {
        return dns;
    }

    /** The mail server of this very machine, where DNS must lead nobody. */
    ScriptedSmtpPeer trap() {
        return trap;
    }

    /** A domain of the outside world, with a mail server that DNS does not know yet. */
    Neighbour neighbour() {
        int number = count.incrementAndGet();
        String address = NEIGHBOURHOOD + (1 + number % 240);
        return new Neighbour(
                dns,
                ScriptedSmtpPeer.startOn(address, trap.port()),
                "neighbour-" + number + ".example",
                address);
    }

    /** A domain that no other attack uses. */
    Mark mark() {
        Mark mark = new Mark(this, "a" + count.incrementAndGet() + ".attack.example");
        marks.add(mark);
        return mark;
    }

    /** A client of the trusted network that has said EHLO. */
    SmtpDialogue client() {
        return SmtpDialogue.greet(posthaste.smtpPort());
    }

    /** Hands in an honest mail. */
    void accept(String from, String to, byte[] message) {
        try (SmtpDialogue client = client()) {
            assertThat(client.mail(from, List.of(to), message).code()).isEqualTo(250);
        }
    }

    /** The recipients of a mail that have come to their end, and to which. */
    Map<String, String> finals(String id) {
        return posthaste.rest().finals(id);
    }

    /** Waits until nothing is under way any more, and looks at the next hop once more. */
    private void judge() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> posthaste.rest().audit().get("queued").asLong() == 0);
        marks.forEach(Mark::stillHolds);
        assertThat(posthaste.isRunning()).isTrue();
    }

    @Override
    public void close() {
        posthaste.close();
        sink.close();
        trap.close();
        dns.close();
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One character an octet. */
    static byte[] octets(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** The octets of text as UTF-8, one character an octet. */
    static String utf8(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    /** Starts it for the first suite that asks, stops it after the last. */
    static final class Shared implements ParameterResolver, AfterAllCallback {
        private static final Namespace NAMESPACE = Namespace.create(AttackedRelay.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == AttackedRelay.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return relay(context);
        }

        @Override
        public void afterAll(ExtensionContext context) {
            relay(context).judge();
        }

        private static AttackedRelay relay(ExtensionContext context) {
            return context.getRoot()
                    .getStore(NAMESPACE)
                    .computeIfAbsent(
                            AttackedRelay.class, _ -> new AttackedRelay(), AttackedRelay.class);
        }
    }
}
