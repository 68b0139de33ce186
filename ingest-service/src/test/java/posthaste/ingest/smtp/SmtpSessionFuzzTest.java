package posthaste.ingest.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import posthaste.ingest.accept.IncomingMail;
import posthaste.ingest.accept.ReadMessage;
import posthaste.ingest.accept.Refusal;
import posthaste.ingest.policy.Network;
import posthaste.ingest.policy.RelayPolicy;
import posthaste.mail.envelope.Stream;
import posthaste.mail.status.Reply;

/**
 * Sessions of mutated dialogues, without a network: whatever a client sends, the session comes to
 * an end, every reply has the form of one, and what is accepted holds nothing that it must not.
 */
class SmtpSessionFuzzTest {
    private static final ListenerSettings SETTINGS =
            new ListenerSettings(
                    "smtp",
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 25),
                    "mx.posthaste.test",
                    new Stream("transactional"),
                    List.of(Network.parse("127.0.0.1")),
                    new ListenerSettings.Limits(
                            2000,
                            4000,
                            100,
                            0,
                            10,
                            10,
                            20,
                            30,
                            Duration.ofMinutes(1),
                            Duration.ofMinutes(1),
                            Duration.ofMinutes(1),
                            Duration.ofHours(1),
                            0,
                            Duration.ofMinutes(1)));

    private static final SessionMetrics METRICS = new SessionMetrics(new SimpleMeterRegistry());

    private static final String DIALOGUE =
            String.join(
                    "\r\n",
                    "EHLO client.example",
                    "MAIL FROM:<a@b.c> SIZE=100 BODY=8BITMIME RET=HDRS ENVID=QQ+2B",
                    "RCPT TO:<x@y.z> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;x+40y.z",
                    "RCPT TO:<\"a b\"@[127.0.0.1]>",
                    "DATA",
                    "Subject: hello",
                    "",
                    "..dots",
                    "body",
                    ".",
                    "RSET",
                    "NOOP",
                    "VRFY x",
                    "MAIL FROM:<> SMTPUTF8 BY=-600;NT",
                    "RCPT TO:<\u00c3\u00bc@\u00c3\u00bc.example>",
                    "DATA",
                    "",
                    "second",
                    ".",
                    "MAIL FROM:<a@b.c> BODY=8BITMIME",
                    "RCPT TO:<x@y.z>",
                    "BDAT 17",
                    "Subject: chunks",
                    "BDAT 0",
                    "NOOP",
                    "BDAT 11 LAST",
                    "",
                    ".",
                    "RSET",
                    "MAIL FROM:<b@b.c>",
                    "RCPT TO:<x@y.z>",
                    "BDAT 6 LAST",
                    "RSET",
                    "QUIT",
                    "");

    private static final List<String> PIECES =
            List.of(
                    "\r",
                    "\n",
                    "\r\n",
                    ".",
                    "\r\n.\r\n",
                    "\0",
                    "<",
                    ">",
                    "\"",
                    "\\",
                    "@",
                    " ",
                    "\t",
                    "=",
                    "+",
                    ";",
                    ":",
                    ",",
                    "\u00ff",
                    "\u00c3",
                    "MAIL FROM:",
                    "RCPT TO:",
                    "DATA\r\n",
                    "BDAT 10 LAST\r\n",
                    "BDAT 3\r\n",
                    "BDAT 3000 LAST\r\n",
                    "BDAT 0 LAST\r\n",
                    "BDAT 9223372036854775807\r\n",
                    " LAST",
                    "GET / HTTP/1.1\r\n",
                    "x".repeat(1100),
                    "x".repeat(3000) + "\r\n",
                    "\u0016\u0003\u0001",
                    "SIZE=99999999999999999999",
                    "NOTIFY=NEVER",
                    "\r\n.\r",
                    "99",
                    "[IPv6:",
                    "EHLO \r\n");

    @Test
    void noClientBreaksASession() {
        // About 200,000 command lines and 15,000 messages.
        run(new Random(5321), 10_000);
    }

    @Test
    @Tag("full")
    void noClientBreaksASessionForLong() {
        run(new Random(1), 1_000_000);
    }

    private static void run(Random random, int runs) {
        int accepted = 0;
        for (int i = 0; i < runs; i++) {
            String input = mutated(random);
            try {
                accepted += session(input, random.nextInt(1, 200));
            } catch (IOException | RuntimeException | AssertionError e) {
                fail("with " + input, e);
            }
        }
        // Else the mutations would be so wild that nothing of the deeper parts is reached.
        assertThat(accepted).isGreaterThan(runs / 10);
    }

    private static String mutated(Random random) {
        StringBuilder input = new StringBuilder(DIALOGUE);
        for (int n = random.nextInt(6); n > 0; n--) {
            int at = random.nextInt(input.length() + 1);
            switch (random.nextInt(5)) {
                case 0 -> input.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 1 -> input.insert(at, (char) random.nextInt(256));
                case 2 -> input.delete(at, Math.min(input.length(), at + random.nextInt(30)));
                case 3 -> {
                    int to = Math.min(input.length(), at + random.nextInt(80));
                    input.insert(at, input.substring(at, to));
                }
                default -> {
                    if (at < input.length()) {
                        input.setCharAt(at, (char) random.nextInt(256));
                    }
                }
            }
        }
        return input.toString();
    }

    /**
     * Runs one session whose octets come in pieces of so many at most; the number of mails that
     * were accepted in it.
     */
    static int session(String input, int piece) throws IOException {
        FakeSocket socket = new FakeSocket(input.getBytes(ISO_8859_1), piece);
        Connection connection =
                new Connection(socket, new Patience(SETTINGS.limits(), System.nanoTime()));
        int[] accepted = {0};
        InetAddress client = InetAddress.ofLiteral("127.0.0.1");
        Surroundings surroundings =
                new Surroundings(
                        new SessionGate(1),
                        () -> true,
                        mail -> {
                            Reply reply = accept(mail);
                            accepted[0] += reply.code() == 250 ? 1 : 0;
                            return reply;
                        },
                        InstantSource.fixed(Instant.EPOCH),
                        METRICS);
        SmtpSession session =
                new SmtpSession(
                        SETTINGS,
                        Optional.empty(),
                        connection,
                        new SessionGate(1).entrance(SETTINGS.limits()).enter().orElseThrow(),
                        client,
                        new Conversation(
                                SETTINGS,
                                new RelayPolicy(SETTINGS.trusted()),
                                surroundings,
                                client),
                        surroundings);
        assertThat(session.run()).isNotEqualTo(SessionMetrics.End.FAILED);
        String replies = socket.out.toString(ISO_8859_1);
        replies.lines().forEach(SmtpSessionFuzzTest::requireReplyLine);
        return accepted[0];
    }

    private static void requireReplyLine(String line) {
        boolean isOne =
                line.length() >= 4
                        && line.charAt(0) >= '2'
                        && line.charAt(0) <= '5'
                        && Character.isDigit(line.charAt(1))
                        && Character.isDigit(line.charAt(2))
                        && (line.charAt(3) == ' ' || line.charAt(3) == '-')
                        && line.chars().allMatch(c -> c >= ' ' && c <= '~');
        if (!isOne) {
            fail("no line of a reply: " + line);
        }
    }

    private static Reply accept(IncomingMail mail) throws IOException {
        String message;
        try {
            message = ReadMessage.of(mail);
        } catch (Refusal e) {
            return e.reply();
        }
        if (message.replace("\r\n", "").chars().anyMatch(c -> "\r\n\0".indexOf(c) >= 0)
                || message.length() > 2000) {
            fail("accepted " + message);
        }
        return new Reply(250, "2.0.0 ok");
    }

    /** A socket of bytes that come in pieces. */
    private static final class FakeSocket extends Socket {
        private final InputStream in;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        FakeSocket(byte[] bytes, int piece) {
            in =
                    new ByteArrayInputStream(bytes) {
                        @Override
                        public synchronized int read(byte[] to, int offset, int length) {
                            return super.read(to, offset, Math.min(length, piece));
                        }
                    };
        }

        @Override
        public InputStream getInputStream() {
            return in;
        }

        @Override
        public OutputStream getOutputStream() {
            return out;
        }

        @Override
        public void shutdownOutput() {}

        @Override
        public synchronized void setSoTimeout(int timeout) {}
    }
}
