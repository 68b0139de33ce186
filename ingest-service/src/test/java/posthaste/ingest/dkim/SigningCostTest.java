package posthaste.ingest.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import posthaste.ingest.message.MessageHeader;

/** What a signature costs; prints it, and holds that it is not out of all proportion. */
@Tag("full")
class SigningCostTest {
    private static final int BODY = 10 * 1024;
    private static final int ROUNDS = 1000;

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void aMailOfTenKibibytesIsSignedInMilliseconds(KeyAlgorithm algorithm) throws Exception {
        Path file = folder.resolve("example.org/s.pem");
        Files.createDirectories(file.getParent());
        Files.writeString(file, NewKey.generate(algorithm, 2048).pem());
        KeyRing keys = new KeyFiles().parse(folder);
        SigningSettings settings =
                new SigningSettings(
                        Canonicalization.RELAXED,
                        Canonicalization.RELAXED,
                        new SignedFields(
                                List.of(), List.of("From", "Subject", "To", "Date", "Message-ID")),
                        false,
                        Duration.ZERO);
        DkimSigner signer = new DkimSigner(() -> keys, settings, new SimpleMeterRegistry());
        MessageHeader header =
                MessageHeader.of("From: a@example.org\r\nSubject: x\r\nTo: b@example.net\r\n");
        byte[] body = body();
        sign(signer, header, body, ROUNDS);
        // Time of this thread on its core: whatever else runs here does not count.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begun = threads.getCurrentThreadCpuTime();
        sign(signer, header, body, ROUNDS);
        double micros = (threads.getCurrentThreadCpuTime() - begun) / 1000.0 / ROUNDS;
        System.out.printf("%s: %.0f microseconds a mail of 10 KiB%n", algorithm, micros);
        assertThat(micros).isLessThan(100_000);
    }

    private static void sign(DkimSigner signer, MessageHeader header, byte[] body, int rounds) {
        for (int i = 0; i < rounds; i++) {
            Signing signing = signer.begin(header).orElseThrow();
            signing.body(body, 0, body.length);
            assertThat(signing.fields(header.fields(), Instant.EPOCH)).isNotEmpty();
        }
    }

    private static byte[] body() {
        Random random = new Random(1);
        byte[] body = new byte[BODY];
        for (int i = 0; i < BODY; i++) {
            body[i] = (byte) ('a' + random.nextInt(26));
            if (i % 78 == 77) {
                body[i - 1] = '\r';
                body[i] = '\n';
            }
        }
        return body;
    }
}
