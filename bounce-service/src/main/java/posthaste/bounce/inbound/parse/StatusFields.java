package posthaste.bounce.inbound.parse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a delivery report (RFC 3464 section 2), by recipient, also where a text holds them
 * amid other things, groups lack their empty line, or fields stand in another's group.
 */
final class StatusFields {
    private static final Set<String> ABOUT_RECIPIENT =
            Set.of(
                    "final-recipient",
                    "original-recipient",
                    "x-actual-recipient",
                    "action",
                    "status",
                    "diagnostic-code",
                    "remote-mta",
                    "last-attempt-date",
                    "will-retry-until",
                    "x-display-name",
                    "x-powermta-bouncecategory",
                    "x-supplementary-info");
    private static final Set<String> NAMES_ONE = Set.of("final-recipient", "original-recipient");

    private final Map<String, String> ofMessage = new LinkedHashMap<>();
    private final List<Map<String, String>> recipients = new ArrayList<>();

    private StatusFields() {}

    static StatusFields read(List<String> lines) {
        StatusFields fields = new StatusFields();
        fields.take(lines);
        return fields;
    }

    /** Whether a text holds fields of a report that need no part of their own. */
    static boolean areIn(List<String> lines) {
        boolean recipient = false;
        boolean other = false;
        for (String line : lines) {
            if (line.length() > 7 && line.indexOf(':') > 0) {
                String lower = Ascii.lower(line.substring(0, Math.min(20, line.length())));
                recipient |= lower.startsWith("final-recipient:");
                other |=
                        lower.startsWith("action:")
                                || lower.startsWith("status:")
                                || lower.startsWith("diagnostic-code:");
            }
        }
        return recipient && other;
    }

    /** The lines of a text before the fields that it holds, or all of them. */
    static List<String> before(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String lower = Ascii.lower(line.substring(0, Math.min(20, line.length())));
            if (lower.startsWith("reporting-mta:") || lower.startsWith("final-recipient:")) {
                return lines.subList(0, i);
            }
        }
        return lines;
    }

    private void take(List<String> lines) {
        Map<String, String> group = Map.of();
        String name = "";
        boolean gap = true;
        boolean inMessage = false;
        for (String line : lines) {
            if (line.isBlank()) {
                gap = true;
                name = "";
                continue;
            }
            boolean folded = line.charAt(0) == ' ' || line.charAt(0) == '\t';
            int colon = Header.colon(line);
            String named = colon < 0 ? "" : Ascii.lower(line.substring(0, colon).strip());
            boolean field = ABOUT_RECIPIENT.contains(named) || isOfMessage(named);
            if (!field) {
                boolean continues = folded || (!name.isEmpty() && colon < 0);
                if (continues && !name.isEmpty()) {
                    extend(group, name, line.strip());
                } else {
                    name = "";
                }
                continue;
            }
            String value = line.substring(colon + 1).strip();
            name = named;
            if (isOfMessage(named)) {
                group = ofMessage;
                inMessage = true;
            } else if (startsGroup(group, inMessage, named, gap)) {
                if (recipients.size() >= Bounds.RECIPIENTS) {
                    return;
                }
                group = new LinkedHashMap<>();
                inMessage = false;
                recipients.add(group);
            }
            gap = false;
            group.putIfAbsent(named, value);
        }
    }

    private boolean startsGroup(
            Map<String, String> group, boolean ofMessageNow, String named, boolean gap) {
        if (ofMessageNow || recipients.isEmpty()) {
            return true;
        }
        // A lone Action or Status after an empty line belongs to the recipient before it.
        boolean names = NAMES_ONE.contains(named);
        boolean repeated = group.containsKey(named) && (gap || names);
        return repeated || (gap && names && NAMES_ONE.stream().anyMatch(group::containsKey));
    }

    private static void extend(Map<String, String> group, String name, String more) {
        String value = group.getOrDefault(name, "");
        if (!value.isEmpty() && value.length() < Bounds.HEADER_FIELD) {
            group.put(name, value + ' ' + more);
        } else if (group.containsKey(name) && value.isEmpty()) {
            group.put(name, more);
        }
    }

    private static boolean isOfMessage(String name) {
        return name.equals("reporting-mta")
                || name.equals("original-envelope-id")
                || name.equals("arrival-date")
                || name.equals("received-from-mta")
                || name.equals("dsn-gateway")
                || name.startsWith("x-postfix")
                || name.equals("x-original-message-id");
    }

    List<Map<String, String>> recipients() {
        return recipients;
    }

    String ofMessage(String name) {
        return ofMessage.getOrDefault(name, "");
    }
}
