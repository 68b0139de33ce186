package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;

/**
 * A message too large to hold: made anew from its number each time that it is wanted.
 *
 * @param seed its bytes are drawn from
 * @param size of its body in bytes, rounded up to whole lines
 */
record LargeMessage(int seed, long size) {
    private static final String HEADER = "Subject: large\r\nX-Kept: as it is\r\n\r\n";

    /** Octets of a line without its CRLF, as base64 of 57 has them. */
    private static final int LINE = 76;

    String recipient() {
        return "large-" + seed + "@large.example";
    }

    /** The SHA-256 of its body in hexadecimal. */
    String bodySha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            eachBlock(digest::update);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Hands it in over a connection of its own; returns the reply to the final dot. */
    String submit(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 5_000);
            socket.setSoTimeout(120_000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
            expect(in, "220");
            for (String command :
                    new String[] {
                        "EHLO client.test",
                        "MAIL FROM:<ada@sender.example> SIZE=" + size,
                        "RCPT TO:<" + recipient() + ">"
                    }) {
                say(out, command);
                expect(in, "250");
            }
            say(out, "DATA");
            expect(in, "354");
            out.write(HEADER.getBytes(US_ASCII));
            eachBlock(out::write);
            say(out, ".");
            return reply(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Block {
        void take(byte[] bytes) throws IOException;
    }

    private void eachBlock(Block block) throws IOException {
        Random random = new Random(seed);
        byte[] drawn = new byte[57 * 512];
        // No line of base64 begins with a dot, so nothing has to be stuffed.
        Base64.Encoder encoder = Base64.getMimeEncoder(LINE, new byte[] {'\r', '\n'});
        for (long done = 0; done < size; ) {
            random.nextBytes(drawn);
            byte[] lines = (encoder.encodeToString(drawn) + "\r\n").getBytes(US_ASCII);
            block.take(lines);
            done += lines.length;
        }
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(US_ASCII));
        out.flush();
    }

    private static void expect(InputStream in, String code) throws IOException {
        String reply = reply(in);
        if (!reply.startsWith(code)) {
            throw new AssertionError("expected " + code + ", not " + reply);
        }
    }

    private static String reply(InputStream in) throws IOException {
        String line;
        do {
            StringBuilder text = new StringBuilder();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new AssertionError("the connection ended: " + text);
                }
                text.append((char) b);
            }
            line = text.toString().strip();
        } while (line.length() > 3 && line.charAt(3) == '-');
        return line;
    }
}
