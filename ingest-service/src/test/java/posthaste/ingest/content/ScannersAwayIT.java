package posthaste.ingest.content;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import posthaste.ingest.ListenerUnderTest;
import posthaste.mail.envelope.FirstStop;
import posthaste.testing.FreePort;
import posthaste.testing.SmtpDialogue;

/**
 * Scanners that are away, hang, break off or lie: the client has its reply in time all the same.
 */
@Timeout(60)
class ScannersAwayIT {
    private static final Duration DEADLINE = Duration.ofMillis(700);

    @TempDir private Path folder;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    /** What a scripted scanner does with a connection. */
    interface Script {
        void play(Socket client) throws IOException, InterruptedException;
    }

    /** A server that misbehaves as told. */
    private static final class Peer implements AutoCloseable {
        private final ServerSocket server;
        private final List<Socket> clients = new CopyOnWriteArrayList<>();
        final AtomicInteger connections = new AtomicInteger();

        Peer(Script script) {
            try {
                server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread.ofVirtual()
                    .start(() -> {
                        while (!server.isClosed()) {
                            try {
                                Socket client = server.accept();
                                connections.incrementAndGet();
                                clients.add(client);
                                Thread.ofVirtual()
                                        .start(() -> {
                                            try (client) {
                                                script.play(client);
                                            } catch (IOException | InterruptedException _) {
                                                // The other side went first.
                                            }
                                        });
                            } catch (IOException _) {
                                return;
                            }
                        }
                    });
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static void hang(Socket client) throws InterruptedException {
        new CountDownLatch(1).await();
    }

    private static void readSome(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        assertThat(in.read(new byte[65_536])).isPositive();
    }

    private static Script answering(String answer) {
        return client -> {
            readSome(client);
            client.getOutputStream().write(answer.getBytes(ISO_8859_1));
            client.shutdownOutput();
            hang(client);
        };
    }

    private static String http(String json) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + json.length() + "\r\n\r\n" + json;
    }

    static Stream<Arguments> faults() {
        Script drips =
                client -> {
                    readSome(client);
                    client.getOutputStream()
                            .write(
                                    "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
                                            .getBytes(ISO_8859_1));
                    while (true) {
                        client.getOutputStream().write(' ');
                        Thread.sleep(50);
                    }
                };
        Script endless =
                client -> {
                    readSome(client);
                    client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n{".getBytes(ISO_8859_1));
                    byte[] block = "x".repeat(65_536).getBytes(ISO_8859_1);
                    for (int i = 0; i < 160; i++) {
                        client.getOutputStream().write(block);
                    }
                    hang(client);
                };
        return Stream.of(
                Arguments.of("hangs before it reads", (Script) ScannersAwayIT::hang),
                Arguments.of("closes at once", (Script) client -> {}),
                Arguments.of("breaks off", (Script) ScannersAwayIT::readSome),
                Arguments.of("drips", drips),
                Arguments.of("answers 10 MB", endless),
                Arguments.of("answers what is nothing", answering("\0\0\0\0")),
                Arguments.of("answers an error", answering("HTTP/1.1 500 no\r\n\r\n")),
                Arguments.of("answers no JSON", answering(http("maybe"))),
                Arguments.of("answers an unknown action", answering(http("{\"action\":\"x\"}"))),
                Arguments.of("answers deeply", answering(http("[".repeat(100_000)))),
                Arguments.of("answers another protocol", answering("220 smtp\r\n")),
                Arguments.of("says UNKNOWN COMMAND", answering("UNKNOWN COMMAND\0")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aScannerThatFailsIsNoVerdict(String name, Script script) throws Exception {
        try (Peer peer = new Peer(script);
                InspectContent content =
                        content(
                                inspector("rspamd", WithoutVerdict.OPEN, rspamd(peer.port())),
                                inspector("clamav", WithoutVerdict.OPEN, clamav(peer.port())));
                var ingest = ListenerUnderTest.start(content)) {
            submit(ingest, "x\r\n", 250);
            submit(ingest, "x".repeat(70).concat("\r\n").repeat(20_000), 250);

            assertThat(ingest.accepted())
                    .allSatisfy(mail ->
                            assertThat(mail.envelope().addedFields().lines())
                                    .hasSize(2)
                                    .allMatch(line ->
                                            line.matches(
                                                    "X-Posthaste-Unscanned: (rspamd|clamav); the scanner is (away|late)")));
            await().untilAsserted(() -> assertThat(files()).isEmpty());
            assertThat(ingest.budget.used()).isLessThanOrEqualTo(ingest.budget.size() / 4);
        }
    }

    @Test
    void whoWantsNoUnscannedMailSaysSo() throws Exception {
        int nobody = FreePort.tcp();
        try (InspectContent content =
                        content(inspector("rspamd", WithoutVerdict.CLOSED, rspamd(nobody)));
                var ingest = ListenerUnderTest.start(content)) {
            submit(ingest, "x\r\n", 451);
            assertThat(ingest.accepted()).isEmpty();
        }
        try (InspectContent content =
                        content(inspector("rspamd", WithoutVerdict.QUARANTINE, rspamd(nobody)));
                var ingest = ListenerUnderTest.start(content)) {
            submit(ingest, "x\r\n", 250);
            assertThat(ingest.accepted().getFirst().envelope().handling().firstStop())
                    .isEqualTo(
                            new FirstStop.Quarantine("not scanned by rspamd: the scanner is away"));
        }
    }

    @Test
    void oneThatIsAwayCostsNothingAfterAWhileAndIsFoundAgain() throws Exception {
        try (Peer hanging = new Peer(ScannersAwayIT::hang);
                InspectContent content =
                        content(inspector("rspamd", WithoutVerdict.OPEN, rspamd(hanging.port())));
                var ingest = ListenerUnderTest.start(content)) {
            for (int i = 0; i < 20; i++) {
                submit(ingest, "x\r\n", 250);
            }
            // The first ones, and those who look whether it is back.
            assertThat(hanging.connections.get()).isLessThan(8);
        }
    }

    @Test
    void whenOneAddressFailsTheNextIsAsked() throws Exception {
        try (Peer hanging = new Peer(ScannersAwayIT::hang);
                Peer good = new Peer(answering(http("{\"action\":\"reject\"}")));
                InspectContent content =
                        content(
                                inspector(
                                        "rspamd",
                                        WithoutVerdict.OPEN,
                                        rspamd(FreePort.tcp()),
                                        rspamd(hanging.port()),
                                        rspamd(good.port())));
                var ingest = ListenerUnderTest.start(content)) {
            for (int i = 0; i < 3; i++) {
                submit(ingest, "x\r\n", 554);
            }
        }
    }

    @Test
    void noMoreMessagesAreWithAScannerThanAllowed() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Script slow =
                client -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    try {
                        readSome(client);
                        Thread.sleep(20);
                    } finally {
                        now.decrementAndGet();
                    }
                    client.getOutputStream().write("stream: OK\0".getBytes(ISO_8859_1));
                };
        try (Peer peer = new Peer(slow);
                InspectContent content =
                        content(inspector("clamav", WithoutVerdict.OPEN, clamav(peer.port())));
                var ingest = ListenerUnderTest.start(content)) {
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                clients.add(Thread.ofVirtual().start(() -> submit(ingest, "x\r\n", 250)));
            }
            for (Thread client : clients) {
                client.join();
            }
            assertThat(ingest.accepted()).hasSize(12);
            assertThat(most.get()).isBetween(1, 2);
        }
    }

    @Test
    void someMailIsShownToNobody() throws Exception {
        try (Peer peer = new Peer(answering(http("{\"action\":\"reject\"}")));
                InspectContent content =
                        new InspectContent(
                                List.of(
                                        inspector(
                                                "rspamd",
                                                WithoutVerdict.CLOSED,
                                                rspamd(peer.port()))),
                                Set.of("smtp"),
                                Set.of(),
                                new Spool(folder, 1000));
                var ingest = ListenerUnderTest.start(content)) {
            submit(ingest, "x\r\n", 250);
            assertThat(peer.connections.get()).isZero();
        }
    }

    private InspectContent content(Inspector... inspectors) {
        return new InspectContent(
                List.of(inspectors), Set.of(), Set.of(), new Spool(folder, 100_000));
    }

    private Inspector inspector(String name, WithoutVerdict whenAway, Scanner... scanners) {
        return new Inspector(
                name,
                new ScannerSettings(
                        name.equals("clamav") ? DEADLINE.multipliedBy(2) : DEADLINE,
                        whenAway,
                        10_000_000,
                        WithoutVerdict.OPEN,
                        2,
                        3,
                        Duration.ofSeconds(30)),
                List.of(scanners),
                new ContentMetrics(meters));
    }

    private static Scanner rspamd(int port) {
        return new RspamdScanner(
                URI.create("http://127.0.0.1:" + port),
                "secret",
                new RspamdVerdicts(RspamdVerdicts.OnReject.REFUSE, RspamdVerdicts.OnAddHeader.TAG));
    }

    private static Scanner clamav(int port) {
        return new ClamAvScanner(
                ClamAvAddress.parse("127.0.0.1:" + port), ClamAvScanner.OnVirus.REFUSE);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void submit(ListenerUnderTest ingest, String body, int code) {
        try (SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            SmtpDialogue.Reply reply =
                    client.mail(
                            "a@b.example",
                            List.of("x@one.example"),
                            ("Subject: s\r\n\r\n" + body).getBytes(ISO_8859_1));
            assertThat(reply.code()).as(reply.toString()).isEqualTo(code);
        }
    }
}
