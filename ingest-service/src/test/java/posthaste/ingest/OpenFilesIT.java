package posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import posthaste.ingest.smtp.ListenerSettings.Tls;
import posthaste.ingest.smtp.ListenerSettings.TlsMode;
import posthaste.ingest.tls.ClientCertificates;
import posthaste.testing.Requires;
import posthaste.testing.SelfSignedCertificate;
import posthaste.testing.SmtpDialogue;

/** No connection leaves a file descriptor behind, however it ends (attack 84). */
@Tag("full")
class OpenFilesIT {
    private static final int CONNECTIONS = 10_000;

    /** What the JVM may open by itself meanwhile. */
    private static final int OF_OTHERS = 20;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @Test
    void tenThousandConnectionsLeaveNothingOpen() throws IOException {
        try (ListenerUnderTest ingest = ListenerUnderTest.start()) {
            hold(
                    ingest,
                    i -> {
                        try (SmtpDialogue client = SmtpDialogue.connect(ingest.port())) {
                            if (i % 2 == 0) {
                                client.expect(220);
                                client.send("QUIT").expect(221);
                            }
                        }
                    });
        }
    }

    @Test
    void neitherDoTenThousandWithTls() throws IOException {
        try (ListenerUnderTest ingest =
                ListenerUnderTest.start(
                        ListenerUnderTest.settings(ListenerUnderTest.LIMITS)
                                .withTls(
                                        new Tls(
                                                TlsMode.IMPLICIT,
                                                List.of("own"),
                                                ClientCertificates.NONE)),
                        Bundles.tls(
                                Bundles.of(SelfSignedCertificate.forHost("mx.test")),
                                ClientCertificates.NONE))) {
            hold(
                    ingest,
                    i -> {
                        try (SmtpDialogue client = SmtpDialogue.connect(ingest.port())) {
                            switch (i % 10) {
                                case 0 -> client.handshake().expect(220);
                                case 1 -> client.send("garbage");
                                default -> {
                                    // Gone before the handshake.
                                }
                            }
                        }
                    });
        }
    }

    @FunctionalInterface
    private interface Connecting {
        void once(int i);
    }

    private static void hold(ListenerUnderTest ingest, Connecting connecting) throws IOException {
        Requires.that(Files.isDirectory(DESCRIPTORS), "this system does not list open files");
        connecting.once(0);
        long before = open();
        for (int i = 0; i < CONNECTIONS; i++) {
            connecting.once(i);
            if (i % 20 == 19) {
                // One address may have no more sessions than that, and it is not what is tested.
                await().pollInterval(Duration.ofMillis(1))
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> ingest.listener().sessions() == 0);
            }
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(open()).isLessThan(before + OF_OTHERS));
    }

    private static long open() throws IOException {
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return descriptors.count();
        }
    }
}
