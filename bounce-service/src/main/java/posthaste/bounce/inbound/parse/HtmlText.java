package posthaste.bounce.inbound.parse;

/** HTML as lines of text: tags go, blocks end lines, some entities are read. One pass. */
final class HtmlText {
    private HtmlText() {}

    static String of(String html) {
        String lower = Ascii.lower(html);
        StringBuilder out = new StringBuilder(html.length());
        int i = 0;
        while (i < html.length()) {
            char c = html.charAt(i);
            if (c == '<') {
                if (!opensTag(html, i)) {
                    out.append(c);
                    i++;
                    continue;
                }
                int hidden = hiddenUntil(lower, i);
                int close = hidden > 0 ? hidden : html.indexOf('>', i);
                if (close < 0) {
                    break;
                }
                if (endsLine(lower, i)) {
                    out.append('\n');
                }
                i = close + 1;
            } else if (c == '&') {
                int semicolon = html.indexOf(';', i);
                if (semicolon > 0 && semicolon - i <= 8) {
                    out.append(entity(lower.substring(i + 1, semicolon)));
                    i = semicolon + 1;
                } else {
                    out.append(c);
                    i++;
                }
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    private static boolean opensTag(String html, int at) {
        if (at + 1 >= html.length()) {
            return false;
        }
        char next = html.charAt(at + 1);
        if (next == '/' || next == '!') {
            return true;
        }
        // <user@example.org> is an address that someone did not escape.
        for (int i = at + 1; i < html.length() && i < at + 80; i++) {
            char c = html.charAt(i);
            if (c == '@') {
                return false;
            }
            if (c == ' ' || c == '>' || c == '\n') {
                break;
            }
        }
        return Character.isLetter(next);
    }

    private static int hiddenUntil(String lower, int at) {
        for (String element : new String[] {"<style", "<script"}) {
            if (lower.startsWith(element, at)) {
                int end = lower.indexOf("</" + element.substring(1), at);
                int close = end < 0 ? -1 : lower.indexOf('>', end);
                return close < 0 ? lower.length() - 1 : close;
            }
        }
        if (lower.startsWith("<!--", at)) {
            int end = lower.indexOf("-->", at);
            return end < 0 ? lower.length() - 1 : end + 2;
        }
        return -1;
    }

    private static boolean endsLine(String lower, int at) {
        for (String block :
                new String[] {
                    "<br", "<p", "</p", "<div", "</div", "<tr", "</tr", "</td", "<li", "</li",
                    "</h", "<pre", "</pre", "<hr", "</table", "</title"
                }) {
            if (lower.startsWith(block, at)) {
                return true;
            }
        }
        return false;
    }

    private static String entity(String name) {
        return switch (name) {
            case "lt" -> "<";
            case "gt" -> ">";
            case "amp" -> "&";
            case "quot", "ldquo", "rdquo" -> "\"";
            case "nbsp" -> " ";
            case "apos", "#39", "rsquo", "lsquo", "#8217" -> "'";
            case "#64" -> "@";
            default -> " ";
        };
    }
}
