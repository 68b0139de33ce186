package posthaste.bounce.inbound.parse;

import java.util.Locale;

/** What a Content-Type field says, also when it says it wrongly. */
record ContentType(String type, String boundary, String charset, String reportType) {
    static ContentType of(Header header) {
        String field = header.first("content-type");
        int semicolon = field.indexOf(';');
        String type = semicolon < 0 ? field : field.substring(0, semicolon);
        return new ContentType(
                type.strip().toLowerCase(Locale.ROOT),
                parameter(field, "boundary"),
                parameter(field, "charset"),
                parameter(field, "report-type").toLowerCase(Locale.ROOT));
    }

    /** What a multipart is whose parts can't be told apart. */
    ContentType asText() {
        return new ContentType("", "", charset, reportType);
    }

    boolean isMultipart() {
        return type.startsWith("multipart/");
    }

    boolean isReport() {
        return type.equals("multipart/report");
    }

    boolean isHtml() {
        return type.equals("text/html");
    }

    boolean isText() {
        return type.isEmpty() || type.startsWith("text") || type.equals("plain");
    }

    private static String parameter(String field, String name) {
        String lower = field.toLowerCase(Locale.ROOT);
        for (int at = lower.indexOf(name); at >= 0; at = lower.indexOf(name, at + 1)) {
            int i = at + name.length();
            boolean begins = at > 0 && "; \t\"".indexOf(lower.charAt(at - 1)) >= 0;
            while (i < field.length() && field.charAt(i) == ' ') {
                i++;
            }
            if (!begins || i >= field.length() || field.charAt(i) != '=') {
                continue;
            }
            i++;
            while (i < field.length() && field.charAt(i) == ' ') {
                i++;
            }
            if (i < field.length() && field.charAt(i) == '"') {
                int close = field.indexOf('"', i + 1);
                return close < 0 ? field.substring(i + 1) : field.substring(i + 1, close);
            }
            int end = i;
            while (end < field.length() && "; \t".indexOf(field.charAt(end)) < 0) {
                end++;
            }
            return field.substring(i, end);
        }
        return "";
    }
}
