package posthaste.acceptance.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.FileSystemUtils;
import posthaste.acceptance.EventReceiver;
import posthaste.acceptance.RunningPosthaste;
import posthaste.acceptance.deploy.Metrics;
import posthaste.acceptance.deploy.RunningPrometheus;
import posthaste.testing.FreePort;
import posthaste.testing.Requires;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SelfSignedCertificate;
import posthaste.testing.SmtpDialogue;
import posthaste.testing.Transaction;

/** Every client, every transport, every kind of letter: what arrives is what was sent, once. */
@Timeout(300)
class ClientsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String USER = "app";
    private static final String PASSWORD = "app-password";
    private static final AtomicInteger LETTERS = new AtomicInteger();

    @TempDir static Path temp;
    private static ScriptedSmtpPeer sink;
    private static EventReceiver receiver;
    private static RunningPosthaste posthaste;
    private static final Map<Transport, Door> DOORS = new EnumMap<>(Transport.class);

    @BeforeAll
    static void start() throws Exception {
        Path certificate = temp.resolve("mail.pem");
        Path key = temp.resolve("mail.key");
        SelfSignedCertificate own = SelfSignedCertificate.forHost(Door.HOST);
        Files.writeString(certificate, own.certificatePem());
        Files.writeString(key, own.privateKeyPem());
        Path users = temp.resolve("users");
        Files.writeString(users, UserLine.of(USER, PASSWORD));

        int plain = FreePort.tcp();
        int startTls = FreePort.tcp();
        int implicit = FreePort.tcp();
        sink = ScriptedSmtpPeer.start().keepingDigestsOnly();
        receiver = new EventReceiver();
        RunningPosthaste.Plan plan =
                RunningPosthaste.on(temp.resolve("data"))
                        .relayingTo(sink.hostAndPort())
                        .with("posthaste.janitor.interval", "2s")
                        .with("posthaste.webhooks.clients.url", receiver.url())
                        .with("posthaste.webhooks.clients.secret", "a secret of the clients")
                        .with("posthaste.webhooks.clients.longest-pause", "200ms")
                        .javaOptions("-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m");
        Properties documented = new Properties();
        documented.load(new StringReader(Guide.block("application.properties")));
        for (String name : documented.stringPropertyNames()) {
            plan.with(
                    name,
                    documented
                            .getProperty(name)
                            .replaceAll("^2525$", String.valueOf(plain))
                            .replaceAll("^587$", String.valueOf(startTls))
                            .replaceAll("^465$", String.valueOf(implicit))
                            .replace("/etc/posthaste/mail.pem", certificate.toString())
                            .replace("/etc/posthaste/mail.key", key.toString())
                            .replace("/etc/posthaste/users", users.toString()));
        }
        posthaste = plan.start();
        DOORS.put(Transport.PLAIN, new Door(Transport.PLAIN, plain, certificate, "", ""));
        DOORS.put(
                Transport.STARTTLS,
                new Door(Transport.STARTTLS, startTls, certificate, USER, PASSWORD));
        DOORS.put(
                Transport.IMPLICIT,
                new Door(Transport.IMPLICIT, implicit, certificate, USER, PASSWORD));
    }

    private static boolean loginsAreOffered() {
        try (SmtpDialogue client = SmtpDialogue.greet(DOORS.get(Transport.STARTTLS).port())) {
            client.send("STARTTLS").expect(220);
            return client.handshake().send("EHLO client.test").expect(250).text().contains("AUTH");
        }
    }

    @AfterAll
    static void stop() {
        posthaste.close();
        receiver.close();
        sink.close();
    }

    /** Every client once, and each transport and kind by some of them. */
    static Stream<Arguments> some() {
        return Stream.of(
                letter("swaks", Transport.IMPLICIT, Kind.EIGHT_BIT),
                letter("smtplib", Transport.STARTTLS, Kind.UTF8_ADDRESSES),
                letter("curl", Transport.IMPLICIT, Kind.MANY_RECIPIENTS),
                letter("msmtp", Transport.STARTTLS, Kind.EIGHT_BIT),
                letter("Net::SMTP", Transport.STARTTLS, Kind.EIGHT_BIT),
                letter("Nodemailer", Transport.STARTTLS, Kind.UTF8_ADDRESSES),
                letter("Commons Net", Transport.IMPLICIT, Kind.PLAIN),
                letter("Spring", Transport.STARTTLS, Kind.EIGHT_BIT),
                letter("Postfix", Transport.STARTTLS, Kind.EIGHT_BIT),
                letter("Exim", Transport.STARTTLS, Kind.EIGHT_BIT),
                letter("smtplib", Transport.IMPLICIT, Kind.LARGE),
                letter("Postfix", Transport.PLAIN, Kind.UTF8_ADDRESSES),
                letter("Exim", Transport.PLAIN, Kind.MANY_RECIPIENTS));
    }

    @ParameterizedTest
    @MethodSource("some")
    void whatAClientSendsArrives(String client, Transport transport, Kind kind) throws Exception {
        sends(client, transport, kind);
    }

    static Stream<Arguments> everything() {
        List<Arguments> all = new ArrayList<>();
        Clients.all()
                .forEach((name, client) -> {
                    for (Transport transport : Transport.values()) {
                        for (Kind kind : Kind.values()) {
                            if (client.kinds().contains(kind)) {
                                all.add(letter(name, transport, kind));
                            }
                        }
                    }
                });
        return all.stream();
    }

    @Tag("full")
    @ParameterizedTest
    @MethodSource("everything")
    void whateverAnyClientSendsArrives(String client, Transport transport, Kind kind)
            throws Exception {
        sends(client, transport, kind);
    }

    /** Here, since there are logins, a certificate, files that are watched, and a webhook. */
    @Test
    void everyMetricThatRulesAndDashboardsAskForIsTold() throws Exception {
        sends("Commons Net", Transport.IMPLICIT, Kind.PLAIN);
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(Metrics.of(posthaste.webPort())).containsAll(Metrics.wanted()));
    }

    /** Against a real Prometheus, while mail goes through. */
    @Test
    @Tag("full")
    void noPanelOfTheDashboardsIsEmptyAndNoAlertIsGiven() throws Exception {
        try (RunningPrometheus prometheus =
                RunningPrometheus.scraping(posthaste.webPort(), temp.resolve("prometheus"))) {
            // Rates are of what has changed between two looks.
            await().atMost(SOON)
                    .pollDelay(Duration.ZERO)
                    .untilAsserted(() -> {
                        sends("Commons Net", Transport.IMPLICIT, Kind.PLAIN);
                        assertThat(prometheus.emptyPanels()).isEmpty();
                    });
            assertThat(prometheus.firing()).isEmpty();
        }
    }

    @Test
    void djangoSends() throws Exception {
        Path python = Path.of("/usr/bin/python3");
        Requires.that(
                Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/django")),
                "Django is not installed");
        assumeTrue(loginsAreOffered());
        Door door = DOORS.get(Transport.STARTTLS);
        Path folder = Files.createTempDirectory(temp, "django");
        Path settings = Guide.file(folder, "settings.py", Guide.block("django_settings.py", door));
        String recipient = "rcpt@django.example";
        String sent =
                Program.run(
                        folder,
                        Path.of("/dev/null"),
                        Map.of("SSL_CERT_FILE", door.certificate().toString()),
                        List.of(
                                python.toString(),
                                Program.script("django_client.py"),
                                settings.toString(),
                                door.certificate().toString(),
                                "app@example.org",
                                "Gr\u00fc\u00dfe",
                                "Hello,\n.\n\u2603\n",
                                recipient));
        Transaction mail = arrived(Set.of(recipient)).getFirst();
        assertThat(mail.headerSection()).contains("X-Kept: as it is");
        String body = sent.substring(sent.indexOf("\r\n\r\n") + 4);
        assertThat(mail.bodySha256())
                .isEqualTo(Transaction.sha256(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static Arguments letter(String client, Transport transport, Kind kind) {
        return argumentSet(client + ", " + transport + ", " + kind, client, transport, kind);
    }

    private static void sends(String name, Transport transport, Kind kind) throws Exception {
        assumeTrue(transport == Transport.PLAIN || loginsAreOffered());
        MailClient client = Clients.all().get(name);
        Letter letter = Letter.of(kind, "letter-" + LETTERS.incrementAndGet() + ".example");
        // Postfix's processes run as other users.
        Path folder =
                Files.createTempDirectory(
                        Path.of("/tmp"),
                        "posthaste-client",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwxr-xr-x")));
        try {
            client.send(DOORS.get(transport), letter, folder);
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
        List<Transaction> mails = arrived(new HashSet<>(letter.recipients()));
        assertThat(mails.stream().flatMap(mail -> mail.recipients().stream()))
                .containsExactlyInAnyOrderElementsOf(letter.recipients());
        assertThat(mails)
                .allSatisfy(mail -> {
                    assertThat(mail.reversePath()).isEqualTo(letter.from());
                    assertThat(mail.bodySha256()).isEqualTo(letter.bodySha256());
                    assertThat(mail.headerSection()).contains("\r\nX-Kept: as it is\r\n");
                    if (client.keepsTheHeader()) {
                        assertThat(mail.headerSection()).endsWith(letter.header());
                    }
                });
    }

    /** The mails that hold these recipients, when all have one. */
    private static List<Transaction> arrived(Set<String> recipients) {
        await().atMost(SOON)
                .until(() ->
                        mailsFor(recipients).stream()
                                .flatMap(mail -> mail.recipients().stream())
                                .toList()
                                .containsAll(recipients));
        return mailsFor(recipients);
    }

    private static List<Transaction> mailsFor(Set<String> recipients) {
        return sink.accepted().stream()
                .filter(mail -> mail.recipients().stream().anyMatch(recipients::contains))
                .toList();
    }
}
