package posthaste.testing;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link ScriptedSmtpPeer}. */
final class PeerSession {
    private static final String HOST = "peer.test";

    private final ScriptedSmtpPeer peer;
    private final int number;
    private final Map<Step, Integer> occurrences = new EnumMap<>(Step.class);
    private Socket socket;
    private WireInput in;
    private OutputStream out;
    private boolean secured;

    private @Nullable String mail;
    private final List<String> rcpts = new ArrayList<>();

    PeerSession(ScriptedSmtpPeer peer, Socket socket, int number) throws IOException {
        this.peer = peer;
        this.number = number;
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = new WireInput(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
    }

    void run() throws IOException {
        if (answer(Step.CONNECT, "", "220 " + HOST + " ESMTP") == null) {
            return;
        }
        boolean open = true;
        while (open) {
            if (!in.hasBuffered()) {
                out.flush();
            }
            String line = in.readLine();
            if (line == null) {
                return;
            }
            peer.record(new ScriptedSmtpPeer.Command(number, line, in.hasBuffered()));
            open = obey(line);
        }
    }

    /** Obeys one command; false ends the connection. */
    private boolean obey(String line) throws IOException {
        int space = line.indexOf(' ');
        String verb = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
        String argument = space < 0 ? "" : line.substring(space + 1);
        Step step = Step.of(verb);
        return switch (step) {
            case EHLO -> {
                peer.recordEhlo(argument);
                forget();
                yield answer(step, argument, ehloReply()) != null;
            }
            case HELO -> {
                peer.recordEhlo(argument);
                forget();
                yield answer(step, argument, "250 " + HOST) != null;
            }
            case STARTTLS -> startTls();
            case MAIL -> mail(argument);
            case RCPT -> rcpt(argument);
            case DATA -> data();
            case RSET -> {
                forget();
                yield answer(step, argument, "250 2.0.0 ok") != null;
            }
            case NOOP -> answer(step, argument, "250 2.0.0 ok") != null;
            case QUIT -> {
                answer(step, argument, "221 2.0.0 bye");
                out.flush();
                yield false;
            }
            case OTHER, CONNECT, DOT ->
                    answer(Step.OTHER, line, "502 5.5.1 not understood") != null;
        };
    }

    private String ehloReply() {
        List<String> lines = new ArrayList<>();
        lines.add(HOST);
        lines.addAll(peer.capabilities());
        if (peer.tls() != null && !secured) {
            lines.add("STARTTLS");
        }
        StringBuilder reply = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            boolean last = i == lines.size() - 1;
            reply.append("250").append(last ? ' ' : '-').append(lines.get(i));
            reply.append(last ? "" : "\r\n");
        }
        return reply.toString();
    }

    private boolean mail(String argument) throws IOException {
        String path = argument.substring(argument.indexOf(':') + 1);
        String reply =
                answer(
                        Step.MAIL,
                        path,
                        mail == null ? "250 2.1.0 ok" : "503 5.5.1 a transaction is open");
        if (reply != null && reply.startsWith("2")) {
            mail = path;
            rcpts.clear();
        }
        return reply != null;
    }

    private boolean rcpt(String argument) throws IOException {
        String path = argument.substring(argument.indexOf(':') + 1);
        int end = path.indexOf('>');
        String address = path.startsWith("<") && end > 0 ? path.substring(1, end) : path;
        String reply =
                answer(
                        Step.RCPT,
                        address,
                        mail != null ? "250 2.1.5 ok" : "503 5.5.1 MAIL comes first");
        if (reply != null && reply.startsWith("2")) {
            rcpts.add(path);
        }
        return reply != null;
    }

    private boolean data() throws IOException {
        String from = mail;
        String reply =
                answer(
                        Step.DATA,
                        "",
                        from != null && !rcpts.isEmpty()
                                ? "354 go on"
                                : "554 5.5.1 no valid recipients");
        if (reply == null || !reply.startsWith("354")) {
            return reply != null;
        }
        out.flush();
        Message message = new Message(peer.digestsOnly());
        if (!in.copyMessage(message)) {
            return false;
        }
        Transaction transaction =
                new Transaction(
                        number,
                        secured,
                        from == null ? "" : from,
                        rcpts,
                        message.bytes(),
                        message.length,
                        message.sha256(),
                        message.headerSection(),
                        message.bodySha256());
        forget();
        peer.record(transaction);
        return answer(Step.DOT, "", "250 2.0.0 taken", transaction::answered) != null;
    }

    private boolean startTls() throws IOException {
        SSLContext context = peer.tls();
        String reply =
                answer(
                        Step.STARTTLS,
                        "",
                        context == null || secured ? "502 5.5.1 not offered" : "220 2.0.0 go on");
        if (reply == null || !reply.startsWith("220") || context == null) {
            return reply != null;
        }
        out.flush();
        return switch (peer.handshake()) {
            case STALLS -> silence();
            case GARBAGE -> {
                out.write("this is no handshake\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                yield false;
            }
            case WORKS -> {
                SSLSocket tls =
                        (SSLSocket)
                                context.getSocketFactory()
                                        .createSocket(socket, HOST, socket.getPort(), true);
                tls.setUseClientMode(false);
                tls.startHandshake();
                socket = tls;
                in = new WireInput(tls.getInputStream());
                out = new BufferedOutputStream(tls.getOutputStream(), 16 * 1024);
                secured = true;
                forget();
                yield true;
            }
        };
    }

    private void forget() {
        mail = null;
        rcpts.clear();
    }

    /** Gives the script's answer or the usual one; null when the connection is to end. */
    private @Nullable String answer(Step step, String argument, String usual) throws IOException {
        return answer(step, argument, usual, reply -> {});
    }

    private @Nullable String answer(
            Step step, String argument, String usual, java.util.function.Consumer<String> told)
            throws IOException {
        int occurrence = occurrences.merge(step, 1, Integer::sum);
        byte[] usualBytes = (usual + "\r\n").getBytes(StandardCharsets.UTF_8);
        Rule rule = peer.ruleFor(step, number, occurrence, argument);
        if (rule == null) {
            told.accept(usual);
            out.write(usualBytes);
            return usual;
        }
        byte[] reply = rule.answer(usualBytes);
        String text = new String(reply, StandardCharsets.UTF_8).stripTrailing();
        if (!rule.delay().isZero()) {
            out.flush();
            pause(rule.delay());
        }
        told.accept(text);
        send(reply, rule.perByte());
        return switch (rule.ending()) {
            case GO_ON -> text;
            case CLOSE -> {
                out.flush();
                yield null;
            }
            case SILENCE -> {
                out.flush();
                silence();
                yield null;
            }
            case STOP_READING -> {
                out.flush();
                pause(Duration.ofDays(1));
                yield null;
            }
        };
    }

    private void send(byte[] reply, Duration perByte) throws IOException {
        if (perByte.isZero()) {
            out.write(reply);
            return;
        }
        for (byte b : reply) {
            pause(perByte);
            out.write(b);
            out.flush();
        }
    }

    /** Reads whatever comes until the client closes; returns false, as the connection is over. */
    private boolean silence() throws IOException {
        while (in.read() >= 0) {
            // Nothing of it is wanted.
        }
        return false;
    }

    /** Waits, but not for longer than the connection lives. */
    private void pause(Duration wait) throws IOException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (System.nanoTime() < deadline) {
            if (socket.isClosed()) {
                throw new IOException("the peer was closed");
            }
            try {
                Thread.sleep(Math.clamp((deadline - System.nanoTime()) / 1_000_000, 1, 50));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    /** A message on its way in. */
    private static final class Message extends OutputStream {
        private final @Nullable ByteArrayOutputStream kept;
        private final ByteArrayOutputStream header = new ByteArrayOutputStream();
        private final Digest whole = new Digest();
        private final Digest body = new Digest();
        private int lineLength;
        private boolean inBody;
        private long length;

        Message(boolean digestsOnly) {
            this.kept = digestsOnly ? null : new ByteArrayOutputStream();
        }

        @Override
        public void write(int b) throws IOException {
            length++;
            whole.out.write(b);
            if (inBody) {
                body.out.write(b);
            } else {
                header.write(b);
                inBody = b == '\n' && lineLength == 0;
                lineLength = b == '\n' ? 0 : b == '\r' ? lineLength : lineLength + 1;
            }
            if (kept != null) {
                kept.write(b);
            }
        }

        byte[] bytes() {
            return kept == null ? new byte[0] : kept.toByteArray();
        }

        String sha256() throws IOException {
            return whole.hex();
        }

        String headerSection() {
            return header.toString(StandardCharsets.ISO_8859_1);
        }

        String bodySha256() throws IOException {
            return body.hex();
        }
    }

    /** A digest that takes single bytes in its stride. */
    private static final class Digest {
        private final MessageDigest digest = Transaction.digest();
        private final OutputStream out =
                new BufferedOutputStream(
                        new DigestOutputStream(OutputStream.nullOutputStream(), digest), 16 * 1024);

        String hex() throws IOException {
            out.flush();
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
