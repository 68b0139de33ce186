package posthaste.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A raw SMTP client for tests: sends what it is told, byte for byte, and says what came back.
 *
 * <p>It also runs dialogues written as text:
 *
 * <pre>
 * # comment
 * S: 220
 * C: EHLO client.example
 * S: 250 PIPELINING
 * C: MAIL FROM:&lt;a@b.c&gt;
 * S: 250 2.1.0
 * C&gt; text sent without a CRLF of its own\r\n.\n
 * S: closed
 * </pre>
 *
 * <p>{@code C:} lines get a CRLF, {@code C>} lines do not; both know {@code \r \n \t \0 \\ \xNN}
 * and <code>${variables}</code>. An {@code S:} line takes one whole reply, of all its lines: its
 * code has to be the first word's (a code may end in {@code xx}: {@code 5xx}), and the rest of the
 * line has to occur in it. {@code S: closed} expects the end of the connection.
 */
public final class SmtpDialogue implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /**
     * A reply with all of its lines.
     *
     * @param code of its last line
     * @param text the lines without their code, joined by line feeds
     */
    public record Reply(int code, String text) {
        @Override
        public String toString() {
            return code + " " + text;
        }
    }

    private Socket socket;
    private WireInput in;
    private @Nullable SSLSession tls;

    private SmtpDialogue(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new WireInput(socket.getInputStream());
    }

    /** Connects to 127.0.0.1; the greeting is not read yet. */
    public static SmtpDialogue connect(int port) {
        return connect(
                InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("127.0.0.1"), port);
    }

    /** Connects from one loopback address to another; the greeting is not read yet. */
    public static SmtpDialogue connect(InetAddress from, InetAddress to, int port) {
        try {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(from, 0));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(to, port), (int) PATIENCE.toMillis());
            return new SmtpDialogue(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects, reads the greeting, says EHLO. */
    public static SmtpDialogue greet(int port) {
        SmtpDialogue dialogue = connect(port);
        dialogue.expect(220);
        dialogue.send("EHLO client.test").expect(250);
        return dialogue;
    }

    /** How long to wait for a reply; 20 s unless told otherwise. */
    public SmtpDialogue patience(Duration wait) {
        try {
            socket.setSoTimeout((int) wait.toMillis());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends lines, each with its CRLF, in one write. */
    public SmtpDialogue send(String... lines) {
        return sendBytes((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends exactly these bytes in one write. */
    public SmtpDialogue sendBytes(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a message as it is to arrive: stuffs its dots and ends it. */
    public SmtpDialogue sendMessage(byte[] message) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream(message.length + 64);
        boolean lineStart = true;
        int last = '\n';
        for (byte b : message) {
            if (lineStart && b == '.') {
                wire.write('.');
            }
            wire.write(b);
            lineStart = last == '\r' && b == '\n';
            last = b;
        }
        if (!lineStart) {
            wire.writeBytes(new byte[] {'\r', '\n'});
        }
        wire.writeBytes(new byte[] {'.', '\r', '\n'});
        return sendBytes(wire.toByteArray());
    }

    /** A whole mail: MAIL, RCPT for each, DATA; returns the reply to the final dot. */
    public Reply mail(String from, List<String> recipients, byte[] message) {
        send("MAIL FROM:<" + from + ">").expect(250);
        for (String recipient : recipients) {
            send("RCPT TO:<" + recipient + ">").expect(250);
        }
        send("DATA").expect(354);
        return sendMessage(message).reply();
    }

    /** Reads one reply, however it turns out. */
    public Reply reply() {
        try {
            StringBuilder text = new StringBuilder();
            while (true) {
                String line = in.readLine();
                if (line == null) {
                    throw new AssertionError("the connection ended instead of a reply: " + text);
                }
                if (!line.matches("[2-5]\\d\\d(?:[ -].*)?")) {
                    throw new AssertionError("no line of a reply: " + line);
                }
                text.append(text.isEmpty() ? "" : "\n")
                        .append(line.substring(Math.min(4, line.length())));
                if (line.length() == 3 || line.charAt(3) == ' ') {
                    return new Reply(Integer.parseInt(line, 0, 3, 10), text.toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads one reply, which has to have this code. */
    public Reply expect(int code) {
        Reply reply = reply();
        if (reply.code() != code) {
            throw new AssertionError("expected " + code + ", not " + reply);
        }
        return reply;
    }

    /** Reads one reply, which has to have this code and this in its text. */
    public Reply expect(int code, String part) {
        Reply reply = expect(code);
        if (!reply.text().contains(part)) {
            throw new AssertionError("expected " + code + " with '" + part + "', not " + reply);
        }
        return reply;
    }

    /** Sends a last command, then reads every reply until the one to it, or to the end. */
    public List<String> repliesTo(String last) {
        List<String> replies = new ArrayList<>();
        try {
            send(last, "QUIT");
            while (true) {
                Reply reply = reply();
                if (reply.code() == 221) {
                    return replies;
                }
                replies.add(reply.toString());
            }
        } catch (AssertionError | UncheckedIOException e) {
            // The connection has ended, which a reset does, too.
            if (!isClosedByServer()) {
                throw e;
            }
            return replies;
        }
    }

    /** The server has to close, without another byte. */
    public void expectClosed() {
        if (!isClosedByServer()) {
            throw new AssertionError("expected the end of the connection");
        }
    }

    /** What still comes until the server closes, which it has to; one character an octet. */
    public String restUntilClosed() {
        StringBuilder rest = new StringBuilder();
        try {
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                rest.append((char) octet);
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the connection was left open after: " + rest, e);
        } catch (IOException e) {
            // A reset ends the connection too.
            return rest.toString();
        }
        return rest.toString();
    }

    private boolean isClosedByServer() {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the connection was left open", e);
        } catch (IOException e) {
            // A reset ends the connection too.
            return true;
        }
    }

    /** Begins TLS with whatever certificate the server shows, after its {@code 220}. */
    public SmtpDialogue handshake() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAny()}, null);
            return handshake(context, "peer.test", "TLSv1.3", "TLSv1.2");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    /**
     * Begins TLS.
     *
     * @param serverName asked for (SNI)
     * @throws UncheckedIOException when there is no agreement
     */
    public SmtpDialogue handshake(SSLContext context, String serverName, String... protocols) {
        try {
            SSLSocket secured =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(socket, serverName, socket.getPort(), true);
            secured.setEnabledProtocols(protocols);
            secured.startHandshake();
            tls = secured.getSession();
            socket = secured;
            in = new WireInput(secured.getInputStream());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the handshake led to. */
    public SSLSession tls() {
        return Objects.requireNonNull(tls, "there was no handshake");
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a dialogue from a file against a server on 127.0.0.1. */
    public static void run(Path file, int port, Map<String, String> variables) {
        try {
            run(file.getFileName().toString(), Files.readAllLines(file), port, variables);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a dialogue against a server on 127.0.0.1. */
    public static void run(
            String name, List<String> lines, int port, Map<String, String> variables) {
        try (SmtpDialogue dialogue = connect(port)) {
            for (int i = 0; i < lines.size(); i++) {
                try {
                    dialogue.perform(replace(lines.get(i), variables));
                } catch (AssertionError | UncheckedIOException e) {
                    throw new AssertionError(
                            name + ":" + (i + 1) + ": " + lines.get(i) + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private void perform(String line) {
        if (line.isBlank() || line.startsWith("#")) {
            return;
        }
        String rest = line.length() > 3 ? line.substring(3) : "";
        switch (line.substring(0, Math.min(2, line.length()))) {
            case "C:" -> sendBytes(unescape(rest + "\\r\\n"));
            case "C>" -> sendBytes(unescape(rest));
            case "S:" -> expectLine(rest.strip());
            default -> throw new AssertionError("a line begins with C:, C> or S:");
        }
    }

    private void expectLine(String expected) {
        if (expected.equals("closed")) {
            expectClosed();
            return;
        }
        String code = expected.substring(0, 3);
        String part = expected.substring(3).strip();
        Reply reply = reply();
        String got = Integer.toString(reply.code());
        if (!got.matches(code.replace('x', '.')) || !reply.text().contains(part)) {
            throw new AssertionError("got " + reply);
        }
    }

    private static String replace(String line, Map<String, String> variables) {
        String out = line;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            out = out.replace("${" + variable.getKey() + "}", variable.getValue());
        }
        return out;
    }

    private static byte[] unescape(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c != '\\') {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            char escape = text.charAt(i++);
            switch (escape) {
                case 'r' -> out.write('\r');
                case 'n' -> out.write('\n');
                case 't' -> out.write('\t');
                case '0' -> out.write(0);
                case '\\' -> out.write('\\');
                case 'x' -> {
                    out.write(Integer.parseInt(text, i, i + 2, 16));
                    i += 2;
                }
                default -> throw new AssertionError("\\" + escape + " is not known");
            }
        }
        return out.toByteArray();
    }

    static final class TrustAny implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
