package posthaste.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import posthaste.testing.Requires;

/** Clients that others wrote. */
class RealClientsIT {

    @Test
    void pythonsSmtplibSubmits() throws Exception {
        Path python = Requires.program("python3");
        try (ListenerUnderTest ingest = ListenerUnderTest.start()) {
            String out =
                    run(
                            python.toString(),
                            Path.of("src", "test", "resources", "smtplib_client.py").toString(),
                            String.valueOf(ingest.port()));

            assertThat(out.lines())
                    .containsExactly(
                            "features 8bitmime chunking deliverby dsn enhancedstatuscodes limits pipelining size smtputf8",
                            "refused {}",
                            "refused 501",
                            "noop 250");
            assertThat(ingest.accepted())
                    .hasSize(2)
                    .allSatisfy(mail -> {
                        assertThat(mail.message())
                                .endsWith("Lines\r\n.with a dot\r\n..with two\r\n.\r\n");
                        assertThat(mail.envelope().messageId())
                                .contains("<smtplib@python.example>");
                        assertThat(mail.envelope().client().helo()).isEqualTo("python.example");
                    });
        }
    }

    @Test
    void swaksSubmits() throws Exception {
        Path swaks = Requires.program("swaks");
        try (ListenerUnderTest ingest = ListenerUnderTest.start()) {
            String out =
                    run(
                            swaks.toString(),
                            "--server",
                            "127.0.0.1:" + ingest.port(),
                            "--helo",
                            "swaks.example",
                            "--from",
                            "<>",
                            "--to",
                            "x@example.org",
                            "--body",
                            "hello",
                            "--pipeline");

            assertThat(out).contains("250 2.0.0 queued as ").contains("221 2.0.0");
            assertThat(ingest.accepted())
                    .singleElement()
                    .satisfies(mail -> {
                        assertThat(mail.envelope().reversePath().toString()).isEmpty();
                        assertThat(mail.recipients()).containsExactly("x@example.org");
                        assertThat(mail.message()).contains("\r\n\r\nhello\r\n");
                    });
        }
    }

    @Test
    void smtpSourceSubmitsInManySessions() throws Exception {
        Path smtpSource = Requires.program("smtp-source");
        try (ListenerUnderTest ingest = ListenerUnderTest.start()) {
            run(
                    smtpSource.toString(),
                    "-s",
                    "20",
                    "-m",
                    "300",
                    "-l",
                    "10240",
                    "-f",
                    "a@b.c",
                    "-t",
                    "x@y.z",
                    "127.0.0.1:" + ingest.port());

            assertThat(ingest.accepted()).hasSize(300);
            assertThat(ingest.accepted())
                    .allSatisfy(mail -> assertThat(mail.message().length()).isGreaterThan(10_000));
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(out).isZero();
        return out;
    }
}
