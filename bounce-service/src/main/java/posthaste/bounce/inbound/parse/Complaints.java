package posthaste.bounce.inbound.parse;

import java.util.ArrayList;
import java.util.List;

/**
 * Feedback reports (RFC 5965, RFC 6591), and the older form in which a provider sends just the
 * mail.
 */
final class Complaints {
    private Complaints() {}

    static List<Finding> in(Content content) {
        boolean feedback =
                !content.feedback().isEmpty()
                        || content.type().reportType().equals("feedback-report");
        boolean older =
                content.returned().has("x-hmxmroriginalrecipient")
                        || Ascii.lower(content.header().first("subject"))
                                .startsWith("complaint about message from");
        if (!feedback && !older) {
            return List.of();
        }
        List<String> recipients = new ArrayList<>();
        String kind = "";
        for (String line : content.feedback()) {
            int colon = Header.colon(line);
            if (colon < 0) {
                continue;
            }
            String value = line.substring(colon + 1).strip();
            switch (Ascii.lower(line.substring(0, colon).strip())) {
                case "original-rcpt-to", "removal-recipient" -> add(recipients, value);
                case "feedback-type" -> kind = value;
                default -> {}
            }
        }
        if (Ascii.lower(kind).equals("not-spam")) {
            return List.of();
        }
        if (recipients.isEmpty()) {
            content.origin().recipients().stream().findFirst().ifPresent(recipients::add);
        }
        if (recipients.isEmpty()) {
            recipients.add("");
        }
        String said = kind.isEmpty() ? "complaint" : kind;
        return recipients.stream()
                .map(each -> new Finding(ReportKind.COMPLAINT, each, 0, "", said, "", ""))
                .toList();
    }

    private static void add(List<String> recipients, String value) {
        for (Addresses.Found found : Addresses.in(value)) {
            boolean known = recipients.stream().anyMatch(found.address()::equalsIgnoreCase);
            if (!known && recipients.size() < Bounds.RECIPIENTS) {
                recipients.add(found.address());
            }
        }
    }
}
