package posthaste.ingest.auth.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a login by SCRAM costs us: printed, for docs/operations.md. */
@Tag("full")
class ScramCostTest {
    private static final int TIMES = 50_000;

    @Test
    void aProofCostsSomeHashesOfFewOctets() {
        ScramVerifier verifier =
                ScramVerifier.of(
                        "correct horse battery staple",
                        "0123456789abcdef".getBytes(StandardCharsets.US_ASCII),
                        ScramVerifier.ITERATIONS);
        String message = "n=ann,r=" + "x".repeat(48) + ",s=" + "y".repeat(24) + ",i=4096,c=biws";
        login(verifier, message);
        // Time of this thread on its core: whatever else runs here does not count.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begun = threads.getCurrentThreadCpuTime();
        login(verifier, message);
        double micros = (threads.getCurrentThreadCpuTime() - begun) / 1000.0 / TIMES;
        System.out.printf(
                "SCRAM-SHA-256: %,.0f microseconds, %,.0f logins a second of one core%n",
                micros, 1_000_000 / micros);
        assertThat(micros).isLessThan(10_000);
    }

    private static void login(ScramVerifier verifier, String message) {
        for (int i = 0; i < TIMES; i++) {
            assertThat(verifier.proves(new byte[32], message)).isFalse();
            assertThat(verifier.serverSignature(message)).hasSize(32);
        }
    }
}
