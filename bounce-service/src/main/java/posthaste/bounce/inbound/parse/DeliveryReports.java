package posthaste.bounce.inbound.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Delivery reports (RFC 3464), whole or in pieces, with what the text beside them adds. */
final class DeliveryReports {
    /** PowerMTA tells what it made of the reply. */
    private static final String CATEGORY = "x-powermta-bouncecategory";

    private final Content content;
    private final List<String> words;
    private final Map<String, String> mentions;

    private DeliveryReports(Content content) {
        this.content = content;
        this.words = StatusFields.before(content.told());
        this.mentions = Mentions.in(words, content.senders());
    }

    static List<Finding> in(Content content) {
        List<String> lines = content.status();
        if (lines.isEmpty()) {
            List<String> told = unquoted(content.told());
            if (!StatusFields.areIn(told)) {
                return List.of();
            }
            lines = told;
        }
        DeliveryReports reports = new DeliveryReports(content);
        List<Finding> findings = new ArrayList<>();
        for (Map<String, String> group : StatusFields.read(lines).recipients()) {
            if (tells(group)) {
                findings.add(reports.finding(group));
            }
        }
        boolean nameless = findings.stream().allMatch(each -> each.recipient().isEmpty());
        return nameless ? reports.byTextAlone(findings) : findings;
    }

    /** Whether a group says anything: some are nothing but names of fields. */
    private static boolean tells(Map<String, String> group) {
        String action = Ascii.lower(group.getOrDefault("action", ""));
        boolean known =
                Stream.of("failed", "delay", "deliver", "relayed", "expanded")
                        .anyMatch(action::startsWith);
        return known
                || ServerReply.in(group.getOrDefault("status", "")).found()
                || ServerReply.in(group.getOrDefault("diagnostic-code", "")).found()
                || !TypedText.of(group.getOrDefault("final-recipient", "")).address().isEmpty();
    }

    /** Someone forwarded a report as a quotation. */
    private static List<String> unquoted(List<String> lines) {
        boolean quoted = lines.stream().anyMatch(line -> line.startsWith("> Final-Recipient:"));
        return quoted
                ? lines.stream()
                        .map(line -> line.startsWith("> ") ? line.substring(2) : line)
                        .map(line -> line.equals(">") ? "" : line)
                        .toList()
                : lines;
    }

    private Finding finding(Map<String, String> group) {
        String action = Ascii.lower(group.getOrDefault("action", ""));
        TypedText diagnostic = TypedText.of(group.getOrDefault("diagnostic-code", ""));
        String said =
                diagnostic.type().equals("x-unix")
                        ? "x-unix; " + diagnostic.text()
                        : diagnostic.text();
        String statusField = group.getOrDefault("status", "");
        ServerReply field = ServerReply.in(statusField);
        String recipient = recipient(group);
        String context = mentions.getOrDefault(recipient, mentionOf(recipient));
        ServerReply reply = said.isEmpty() ? ServerReply.NONE : ServerReply.in(said);
        String text = reply.found() && !reply.text().isEmpty() ? reply.text() : said;
        if (text.isBlank()) {
            reply = ServerReply.in(context);
            text = reply.found() ? reply.text() : statusComment(statusField);
        } else if (said.startsWith("x-unix")) {
            text = said;
        }
        String status = better(reply.status(), field.status());
        boolean delivered =
                action.startsWith("deliver")
                        || action.startsWith("relayed")
                        || action.startsWith("expanded")
                        || (action.isEmpty() && status.startsWith("2."));
        String command = RefusedCommand.in(said + '\n' + context);
        if (command.isEmpty() && group.getOrDefault(CATEGORY, "").startsWith("bad-mailbox")) {
            command = "RCPT";
        }
        return new Finding(
                delivered ? ReportKind.DELIVERED : ReportKind.BOUNCE,
                recipient,
                reply.code(),
                status,
                text,
                command,
                context + '\n' + statusComment(statusField));
    }

    /** {@code 4.4.7 (delivery time expired)}: some tell the reason nowhere else. */
    private static String statusComment(String field) {
        int open = field.indexOf('(');
        int close = field.lastIndexOf(')');
        return open >= 0 && close > open ? field.substring(open + 1, close) : "";
    }

    /**
     * A status with a meaning goes before one without; what the server said before the reporter.
     */
    private static String better(String said, String reported) {
        if (said.isEmpty() || (said.endsWith(".0.0") && !reported.isEmpty())) {
            return reported.isEmpty() ? said : reported;
        }
        return said;
    }

    private String recipient(Map<String, String> group) {
        String finalRecipient = group.getOrDefault("final-recipient", "");
        TypedText named = TypedText.of(finalRecipient);
        boolean program = named.text().startsWith("|") || named.text().startsWith("/");
        String address = named.address();
        if (!address.isEmpty() && !(program && named.text().startsWith("/"))) {
            return address;
        }
        for (String field : List.of("x-actual-recipient", "original-recipient")) {
            String other = TypedText.of(group.getOrDefault(field, "")).address();
            if (!other.isEmpty()) {
                return other;
            }
        }
        if (mentions.size() == 1) {
            return mentions.keySet().iterator().next();
        }
        String failed = Addresses.first(content.header().first("x-failed-recipients"));
        if (!failed.isEmpty()) {
            return failed;
        }
        return finalRecipient.isEmpty() ? "" : address.isEmpty() ? named.text() : address;
    }

    private String mentionOf(String recipient) {
        for (Map.Entry<String, String> mention : mentions.entrySet()) {
            if (mention.getKey().equalsIgnoreCase(recipient)) {
                return mention.getValue();
            }
        }
        return String.join("\n", words);
    }

    private List<Finding> byTextAlone(List<Finding> nameless) {
        List<Finding> told = DaemonText.findings(content);
        if (!told.isEmpty() || nameless.isEmpty()) {
            return told;
        }
        return nameless;
    }
}
