package posthaste.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.outbound.routing.NextHop;
import posthaste.outbound.routing.RoutingSettings;
import posthaste.testing.FreePort;
import posthaste.testing.Requires;

/** Against a server that others wrote: Postfix's smtp-sink. */
class PostfixSinkIT extends EngineFixture {
    private static final int MAILS = 200;

    @TempDir private Path folder;
    private Process sink;

    @AfterEach
    void stopSink() {
        if (sink != null) {
            sink.destroy();
        }
    }

    @Test
    void everyMailArrivesOnceAndUnchanged() throws Exception {
        int port = startSink();
        SmtpDeliveryEngine engine =
                engine(RoutingSettings.relayingTo(new NextHop("127.0.0.1", port)), outbound());
        String text = "Subject: x\r\n\r\n.dot\r\n..\r\n" + "line\r\n".repeat(2000);
        byte[] message = text.getBytes(StandardCharsets.US_ASCII);

        List<Future<AttemptReport>> all = new ArrayList<>();
        for (int i = 0; i < MAILS; i++) {
            String recipient = "user" + i + "@x.org";
            all.add(inBackground(() -> engine.attempt(job(message, recipient), BUDGET)));
        }
        for (Future<AttemptReport> each : all) {
            assertThat(only(each.get())).isInstanceOf(Outcome.Delivered.class);
        }

        List<String> dumps = dumps();
        assertThat(dumps).hasSize(MAILS).allMatch(dump -> dump.contains(text.replace("\r", "")));
        for (int i = 0; i < MAILS; i++) {
            String recipient = "<user" + i + "@x.org>";
            assertThat(dumps.stream().filter(dump -> dump.contains(recipient)))
                    .as(recipient)
                    .hasSize(1);
        }
    }

    private int startSink() throws IOException {
        String program = Requires.program("smtp-sink").toString();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        int port = FreePort.tcp();
        List<String> command = new ArrayList<>(List.of(program));
        if (System.getProperty("user.name").equals("root")) {
            // It refuses to serve as root.
            command.addAll(List.of("-u", "nobody"));
        }
        command.addAll(
                List.of("-d", folder.resolve("mail.").toString(), "127.0.0.1:" + port, "100"));
        sink =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        await().until(() -> isListening(port));
        return port;
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> dumps() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> texts = new ArrayList<>();
            for (Path file : files.toList()) {
                texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            return texts;
        }
    }
}
