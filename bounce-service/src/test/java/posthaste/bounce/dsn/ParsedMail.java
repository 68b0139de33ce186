package posthaste.bounce.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A mail as a strict receiver reads it: a MIME parser written from RFC 5322 and RFC 2046 that knows
 * nothing of the code under test. Octets are kept as ISO-8859-1 characters until they are decoded.
 */
public final class ParsedMail {
    private final Map<String, String> fields;
    private final String body;

    private ParsedMail(Map<String, String> fields, String body) {
        this.fields = fields;
        this.body = body;
    }

    public static ParsedMail of(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        for (String line : text.split("\r\n", -1)) {
            assertThat(line.length()).as("octets of a line").isLessThanOrEqualTo(998);
            assertThat(line).doesNotContain("\r").doesNotContain("\n").doesNotContain("\0");
        }
        return parse(text);
    }

    private static ParsedMail parse(String text) {
        if (text.startsWith("\r\n")) {
            return new ParsedMail(Map.of(), text.substring(2));
        }
        int end = text.indexOf("\r\n\r\n");
        assertThat(end).as("end of the header section").isPositive();
        return new ParsedMail(fields(text.substring(0, end + 2)), text.substring(end + 4));
    }

    /** The fields of one header section or block, names in lower case, none twice. */
    public static Map<String, String> fields(String section) {
        Map<String, String> fields = new LinkedHashMap<>();
        String unfolded = section.replaceAll("\r\n(?=[ \t]+[^ \t\r])", "");
        for (String line : unfolded.stripTrailing().split("\r\n", -1)) {
            assertThat(line).matches("[A-Za-z][A-Za-z0-9-]*: .+");
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            assertThat(fields).as("given once").doesNotContainKey(name);
            fields.put(name, line.substring(colon + 1).strip());
        }
        return fields;
    }

    public Map<String, String> fields() {
        return fields;
    }

    public String field(String name) {
        return fields.get(name.toLowerCase(Locale.ROOT));
    }

    public boolean isSevenBit() {
        return fields.values().stream().allMatch(ParsedMail::isAscii) && isAscii(body);
    }

    /** The parts of a multipart. */
    public List<ParsedMail> parts() {
        String delimiter =
                "\r\n--" + field("content-type").replaceAll("(?s).*boundary=\"([^\"]+)\".*", "$1");
        assertThat(body).contains(delimiter + "--\r\n");
        List<ParsedMail> parts = new ArrayList<>();
        String inner = body.substring(0, body.indexOf(delimiter + "--\r\n"));
        for (int at = inner.indexOf(delimiter); at >= 0; ) {
            int start = at + delimiter.length();
            assertThat(inner.substring(start)).startsWith("\r\n");
            int next = inner.indexOf(delimiter, start);
            parts.add(parse(inner.substring(start + 2, next < 0 ? inner.length() : next)));
            at = next;
        }
        return parts;
    }

    /** The decoded content. */
    public byte[] content() {
        String encoding = fields.getOrDefault("content-transfer-encoding", "7bit");
        return switch (encoding) {
            case "7bit" -> {
                assertThat(isAscii(body)).as("7bit").isTrue();
                yield octets(body);
            }
            case "8bit" -> octets(body);
            case "base64" -> Base64.getMimeDecoder().decode(body);
            case "quoted-printable" -> quotedPrintable(body);
            default -> throw new AssertionError("no encoding: " + encoding);
        };
    }

    public String text() {
        return new String(content(), StandardCharsets.UTF_8);
    }

    /** The blocks of fields of a delivery report: the message's, then one for each recipient. */
    public List<Map<String, String>> blocks() {
        List<Map<String, String>> blocks = new ArrayList<>();
        for (String block : text().stripTrailing().split("\r\n\r\n", -1)) {
            blocks.add(fields(block));
        }
        return blocks;
    }

    private static byte[] quotedPrintable(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String line : text.split("\r\n", -1)) {
            assertThat(line.length()).as("RFC 2045 section 6.7").isLessThanOrEqualTo(76);
        }
        String joined = text.replace("=\r\n", "");
        for (int i = 0; i < joined.length(); i++) {
            char c = joined.charAt(i);
            if (c == '=') {
                out.write(Integer.parseInt(joined.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                out.write(c);
            }
        }
        return out.toByteArray();
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
