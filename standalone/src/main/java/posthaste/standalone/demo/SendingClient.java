package posthaste.standalone.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An application that hands in mail: one connection a mail, one command after the other. */
final class SendingClient {
    private final int port;

    SendingClient(int port) {
        this.port = port;
    }

    /**
     * Hands in one mail.
     *
     * @param message lines end in CRLF; none begins with a dot
     * @return what the relay said to the final dot
     * @throws IOException when it took it not
     */
    String send(String from, String to, String message) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.UTF_8));
                Writer out =
                        new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8)) {
            expect(in, "220");
            say(in, out, "EHLO application.example", "250");
            say(in, out, "MAIL FROM:<" + from + ">", "250");
            say(in, out, "RCPT TO:<" + to + ">", "250");
            say(in, out, "DATA", "354");
            String queued = say(in, out, message + ".", "250");
            say(in, out, "QUIT", "221");
            return queued;
        }
    }

    private static String say(BufferedReader in, Writer out, String command, String code)
            throws IOException {
        out.write(command + "\r\n");
        out.flush();
        return expect(in, code);
    }

    private static String expect(BufferedReader in, String code) throws IOException {
        String line = in.readLine();
        while (line != null && line.startsWith(code + "-")) {
            line = in.readLine();
        }
        if (line == null || !line.startsWith(code)) {
            throw new IOException("the relay said " + line);
        }
        return line;
    }
}
