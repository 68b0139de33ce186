package posthaste.bounce.inbound.parse;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Notifications of Amazon SES, sent on by mail: a JSON object instead of a report. */
final class SesNotification {
    private static final JsonMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private SesNotification() {}

    static List<Finding> in(Content content) {
        String text = String.join("\n", content.told()).strip();
        if (!text.startsWith("{") || !text.contains("\"notificationType\"")) {
            return List.of();
        }
        // An old sendmail broke lines of more than 990 octets by "!", a line end and a space.
        String mended = text.replace("!\n ", "").replace("\n", "");
        JsonNode root;
        try {
            root = JSON.reader().readTree(mended);
        } catch (JacksonException e) {
            return List.of();
        }
        return switch (root.path("notificationType").asString("")) {
            case "Bounce" -> bounces(root.path("bounce"));
            case "Complaint" -> complaints(root.path("complaint"));
            case "Delivery" -> deliveries(root.path("delivery"));
            default -> List.of();
        };
    }

    private static List<Finding> bounces(JsonNode bounce) {
        List<Finding> findings = new ArrayList<>();
        for (JsonNode each : bounce.path("bouncedRecipients")) {
            String said = TypedText.of(each.path("diagnosticCode").asString("")).text();
            ServerReply reply = ServerReply.in(said);
            String status = each.path("status").asString("");
            findings.add(
                    new Finding(
                            ReportKind.BOUNCE,
                            Addresses.first(each.path("emailAddress").asString("")),
                            reply.code(),
                            reply.status().isEmpty()
                                    ? ServerReply.in(status).status()
                                    : reply.status(),
                            reply.found() ? reply.text() : said,
                            "",
                            said));
        }
        return findings;
    }

    private static List<Finding> complaints(JsonNode complaint) {
        List<Finding> findings = new ArrayList<>();
        for (JsonNode each : complaint.path("complainedRecipients")) {
            findings.add(
                    new Finding(
                            ReportKind.COMPLAINT,
                            Addresses.first(each.path("emailAddress").asString("")),
                            0,
                            "",
                            complaint.path("complaintFeedbackType").asString("complaint"),
                            "",
                            ""));
        }
        return findings;
    }

    private static List<Finding> deliveries(JsonNode delivery) {
        List<Finding> findings = new ArrayList<>();
        ServerReply reply = ServerReply.in(delivery.path("smtpResponse").asString(""));
        for (JsonNode each : delivery.path("recipients")) {
            findings.add(
                    new Finding(
                            ReportKind.DELIVERED,
                            Addresses.first(each.asString("")),
                            reply.code(),
                            reply.status(),
                            reply.text(),
                            "",
                            ""));
        }
        return findings;
    }
}
