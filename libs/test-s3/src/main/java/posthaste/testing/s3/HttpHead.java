package posthaste.testing.s3;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** First line and header fields of a request or a response (RFC 9112), otherwise left as it is. */
record HttpHead(String firstLine, List<String> fields) {
    private static final int LONGEST = 64 * 1024;

    HttpHead {
        fields = List.copyOf(fields);
    }

    /** Reads up to the empty line; nothing when the peer has closed before the first byte. */
    static Optional<HttpHead> read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int newLines = 0;
        while (newLines < 2) {
            int next = in.read();
            if (next < 0) {
                if (head.size() == 0) {
                    return Optional.empty();
                }
                throw new EOFException("the peer closed in the middle of a head");
            }
            if (head.size() == LONGEST) {
                throw new IOException("a head of more than " + LONGEST + " bytes");
            }
            head.write(next);
            if (next == '\n') {
                newLines++;
            } else if (next != '\r') {
                newLines = 0;
            }
        }
        List<String> lines = head.toString(StandardCharsets.ISO_8859_1).lines().toList();
        List<String> fields = new ArrayList<>(lines.subList(1, lines.size()));
        fields.removeIf(String::isEmpty);
        return Optional.of(new HttpHead(lines.getFirst(), fields));
    }

    String method() {
        return word(0);
    }

    /** Without the query, as it was sent. */
    String path() {
        String target = word(1);
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    String query() {
        String target = word(1);
        int question = target.indexOf('?');
        return question < 0 ? "" : target.substring(question + 1);
    }

    /** The object's key, decoded; empty when the request is for a bucket. */
    String key() {
        String[] parts = path().split("/", 3);
        return parts.length < 3 ? "" : URLDecoder.decode(parts[2], StandardCharsets.UTF_8);
    }

    /** Of a response. */
    int status() {
        return Integer.parseInt(word(1));
    }

    Optional<String> field(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ':';
        return fields.stream()
                .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(start))
                .map(field -> field.substring(start.length()).strip())
                .findFirst();
    }

    boolean says(String name, String value) {
        return field(name).filter(value::equalsIgnoreCase).isPresent();
    }

    HttpHead without(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ':';
        return new HttpHead(
                firstLine,
                fields.stream()
                        .filter(field -> !field.toLowerCase(Locale.ROOT).startsWith(start))
                        .toList());
    }

    byte[] bytes() {
        StringBuilder text = new StringBuilder(firstLine).append("\r\n");
        fields.forEach(field -> text.append(field).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private String word(int index) {
        String[] words = firstLine.split(" ", 3);
        return index < words.length ? words[index] : "";
    }
}
