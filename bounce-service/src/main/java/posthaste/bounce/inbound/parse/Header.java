package posthaste.bounce.inbound.parse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A header section: fields by name, unfolded, in their order; lines that are no field are passed
 * over.
 */
final class Header {
    static final Header NONE = new Header(Map.of(), 0);

    private final Map<String, List<String>> fields;

    /** The line after the section, or after the empty line that ends it. */
    private final int end;

    private Header(Map<String, List<String>> fields, int end) {
        this.fields = fields;
        this.end = end;
    }

    static Header read(Lines lines, int from, int to) {
        Map<String, List<String>> fields = new HashMap<>();
        String name = "";
        StringBuilder value = new StringBuilder();
        int count = 0;
        int line = from;
        if (line < to && lines.raw(line).startsWith("From ")) {
            line++;
        }
        if (line < to && !lines.isBlank(line) && colon(lines.raw(line)) < 0) {
            return new Header(fields, line);
        }
        for (; line < to; line++) {
            if (lines.length(line) == 0 || lines.isBlank(line)) {
                line++;
                break;
            }
            if (count >= Bounds.HEADER_FIELDS) {
                continue;
            }
            String raw = lines.raw(line);
            char first = raw.charAt(0);
            if (first == ' ' || first == '\t') {
                if (value.length() < Bounds.HEADER_FIELD) {
                    value.append(' ').append(raw.strip());
                }
                continue;
            }
            int colon = colon(raw);
            if (colon < 0) {
                // Some gateways break a field's value without folding it.
                if (value.length() < Bounds.HEADER_FIELD) {
                    value.append(' ').append(raw.strip());
                }
                continue;
            }
            keep(fields, name, value);
            count++;
            name = raw.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            value.setLength(0);
            value.append(raw.substring(colon + 1).strip());
        }
        keep(fields, name, value);
        return new Header(fields, line);
    }

    private static void keep(Map<String, List<String>> fields, String name, StringBuilder value) {
        if (!name.isEmpty()) {
            value.setLength(Math.min(value.length(), Bounds.HEADER_FIELD));
            fields.computeIfAbsent(name, each -> new ArrayList<>(1)).add(value.toString());
        }
    }

    /** Where the colon of a field's name stands, or -1 when the line begins with no name. */
    static int colon(String line) {
        int limit = Math.min(line.length(), 80);
        for (int i = 0; i < limit; i++) {
            char c = line.charAt(i);
            if (c == ':') {
                return i == 0 ? -1 : i;
            }
            boolean nameLetter = c > ' ' && c < 0x7f;
            boolean spaceBeforeColon = c == ' ' && i + 1 < limit && line.charAt(i + 1) == ':';
            if (!nameLetter && !spaceBeforeColon) {
                return -1;
            }
        }
        return -1;
    }

    int end() {
        return end;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** The field's first value, or an empty text. */
    String first(String name) {
        List<String> values = fields.get(name);
        return values == null ? "" : values.getFirst();
    }

    List<String> all(String name) {
        return fields.getOrDefault(name, List.of());
    }
}
