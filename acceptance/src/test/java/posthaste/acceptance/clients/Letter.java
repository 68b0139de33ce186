package posthaste.acceptance.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import posthaste.testing.Transaction;

/**
 * What a client is to send.
 *
 * @param header with the empty line that ends it, one character an octet
 * @param body one character an octet
 */
record Letter(Kind kind, String from, List<String> recipients, String header, String body) {
    private static final int LARGE_LINES = 20 * 1024 * 1024 / 78;
    private static final int MANY = 150;

    /** A letter whose recipients nobody else writes to. */
    static Letter of(Kind kind, String domain) {
        List<String> recipients = new ArrayList<>(List.of("rcpt@" + domain));
        String body = "Hello,\r\n\r\n.one dot\r\n..two\r\n.\r\n \r\nbye\r\n";
        String from = "app@example.org";
        switch (kind) {
            case PLAIN -> {}
            case EIGHT_BIT ->
                    body = octets("Gr\u00fc\u00dfe \u2603\r\n") + "\u00e9\u00ff\u0080\r\n" + body;
            case UTF8_ADDRESSES -> {
                from = "\u00e5pp@example.org";
                recipients.add("j\u00fcrgen@" + domain);
            }
            case LARGE ->
                    body = ("x".repeat(37) + "." + "y".repeat(38) + "\r\n").repeat(LARGE_LINES);
            case MANY_RECIPIENTS ->
                    IntStream.range(1, MANY)
                            .forEach(i -> recipients.add("rcpt" + i + "@" + domain));
        }
        String header =
                """
                From: App <app@example.org>
                To: somebody@example.net
                Subject: a letter
                Date: Sun, 22 Nov 2026 08:30:00 +0000
                Message-ID: <%s@example.org>
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: 8bit
                X-Kept: as it is

                """
                        .formatted(domain)
                        .replace("\n", "\r\n");
        return new Letter(kind, from, recipients, header, body);
    }

    /** Its message in a file, with CRLF at the ends of lines. */
    Path file(Path folder) {
        return write(folder.resolve("letter.eml"), header + body);
    }

    /** For a client that adds a line end of its own before the final dot. */
    Path fileWithoutLastLineEnd(Path folder) {
        return write(folder.resolve("letter.eml"), header + body.substring(0, body.length() - 2));
    }

    /** The same with the line ends of this system, as programs on it expect. */
    Path fileOfThisSystem(Path folder) {
        return write(folder.resolve("letter.txt"), (header + body).replace("\r\n", "\n"));
    }

    String bodySha256() {
        return Transaction.sha256(body.getBytes(ISO_8859_1));
    }

    private static Path write(Path file, String octets) {
        try {
            return Files.write(file, octets.getBytes(ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String octets(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
}
