package posthaste.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckPolicyCommandTest {
    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final PosthasteCommandLine commandLine =
            new PosthasteCommandLine().printingTo(new PrintWriter(out), new PrintWriter(err));

    @Test
    void theDocumentedExampleIsRight() {
        Path example = Path.of(System.getProperty("posthaste.root"), "docs/policy-example.yaml");

        assertThat(commandLine.execute("check-policy", example.toString())).isZero();
        assertThat(out.toString()).isEqualTo(example + " is right.\n");
    }

    @Test
    void whatIsWrongIsToldWithItsLine() throws Exception {
        Path file =
                Files.writeString(folder.resolve("p.yaml"), "relay:\n  network: [10.0.0.0/8]\n");
        Path absent = folder.resolve("absent.yaml");

        assertThat(commandLine.execute("check-policy", file.toString(), absent.toString()))
                .isEqualTo(ExitStatus.FAILED.code());
        assertThat(err.toString())
                .isEqualTo(
                        "posthaste: "
                                + file
                                + ", line 2: 'network' is no key here; did you mean 'networks'?\n"
                                + "posthaste: "
                                + absent
                                + ": there is no such file\n");
    }
}
