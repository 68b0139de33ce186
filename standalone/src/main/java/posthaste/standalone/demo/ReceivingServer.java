package posthaste.standalone.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other side: a small SMTP server (RFC 5321) that takes most mail, greylists some recipients
 * and does not know others.
 */
final class ReceivingServer implements AutoCloseable {
    /**
     * A mail that it took.
     *
     * @param message as it came, without dot-stuffing; lines end in a line feed
     */
    record Received(List<String> recipients, String message) {}

    private static final Logger LOG = LoggerFactory.getLogger(ReceivingServer.class);

    private final ServerSocket server;
    private final Predicate<String> greylists;
    private final Predicate<String> knows;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final List<Received> received = new CopyOnWriteArrayList<>();

    private ReceivingServer(
            ServerSocket server, Predicate<String> greylists, Predicate<String> knows) {
        this.server = server;
        this.greylists = greylists;
        this.knows = knows;
    }

    /**
     * Starts on a free port of the loopback address.
     *
     * @param greylists recipients that are taken at the second attempt alone
     * @param knows recipients that exist
     */
    static ReceivingServer start(Predicate<String> greylists, Predicate<String> knows)
            throws IOException {
        ReceivingServer receiving =
                new ReceivingServer(
                        new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                        greylists,
                        knows);
        Thread.ofVirtual().name("receiving-server").start(receiving::acceptAll);
        return receiving;
    }

    /** As {@code --relay-to} wants it. */
    String hostAndPort() {
        return server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
    }

    List<Received> received() {
        return List.copyOf(received);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            if (!server.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.UTF_8));
                Writer out =
                        new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8)) {
            reply(out, "220 receiving.example ESMTP");
            Set<String> recipients = new HashSet<>();
            for (String line; (line = in.readLine()) != null; ) {
                String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
                switch (verb) {
                    case "EHLO", "HELO" ->
                            reply(
                                    out,
                                    "250-receiving.example",
                                    "250-PIPELINING",
                                    "250-8BITMIME",
                                    "250 ENHANCEDSTATUSCODES");
                    case "MAIL", "RSET" -> {
                        recipients.clear();
                        reply(out, "250 2.0.0 yes");
                    }
                    case "RCPT" -> {
                        String recipient = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
                        String answer = answerTo(recipient);
                        if (answer.startsWith("2")) {
                            recipients.add(recipient);
                        }
                        reply(out, answer);
                    }
                    case "DATA" -> {
                        if (recipients.isEmpty()) {
                            reply(out, "554 5.5.1 no valid recipients");
                            break;
                        }
                        reply(out, "354 go on");
                        received.add(new Received(List.copyOf(recipients), readMessage(in)));
                        reply(out, "250 2.0.0 taken, thank you");
                    }
                    case "NOOP" -> reply(out, "250 2.0.0 yes");
                    case "QUIT" -> {
                        reply(out, "221 2.0.0 bye");
                        return;
                    }
                    default -> reply(out, "502 5.5.1 not here");
                }
            }
        } catch (IOException e) {
            // The client went away: its mail, if it was not taken, is still its own.
            LOG.debug("a connection ended early", e);
        }
    }

    private String answerTo(String recipient) {
        if (!knows.test(recipient)) {
            return "550 5.1.1 <" + recipient + "> nobody of that name here";
        }
        if (greylists.test(recipient) && seen.add(recipient)) {
            return "451 4.7.1 <" + recipient + "> greylisted, come back later";
        }
        return "250 2.1.5 <" + recipient + "> welcome";
    }

    private static String readMessage(BufferedReader in) throws IOException {
        StringBuilder message = new StringBuilder();
        for (String line; (line = in.readLine()) != null && !line.equals("."); ) {
            message.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
        }
        return message.toString();
    }

    private static void reply(Writer out, String... lines) throws IOException {
        out.write(String.join("\r\n", lines) + "\r\n");
        out.flush();
    }
}
