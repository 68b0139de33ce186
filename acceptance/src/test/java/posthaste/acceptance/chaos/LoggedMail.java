package posthaste.acceptance.chaos;

import java.util.ArrayList;
import java.util.List;
import posthaste.acceptance.RestClient;
import tools.jackson.databind.JsonNode;

/**
 * A mail as the delivery log has it.
 *
 * @param number ours; -1 for others, as notifications
 */
record LoggedMail(String id, long number, List<Standing> recipients) {
    private static final int PAGE = 1000;

    /**
     * A recipient's row.
     *
     * @param duplicates ends that the log itself knows of beyond the one that counts
     */
    record Standing(String address, String state, boolean isFinal, int duplicates) {}

    LoggedMail {
        recipients = List.copyOf(recipients);
    }

    /**
     * The newest mails of the log, page by page, up to a page that has none from this number on.
     */
    static List<LoggedMail> from(long firstNumber, RestClient rest, long seed) {
        List<LoggedMail> all = new ArrayList<>();
        String before = "";
        while (true) {
            JsonNode page = rest.messages("limit=" + PAGE + before);
            boolean older = true;
            for (JsonNode json : page) {
                LoggedMail mail = of(json, seed);
                all.add(mail);
                older &= mail.number() < firstNumber;
            }
            if (older || page.size() < PAGE) {
                return all;
            }
            before = "&before=" + all.getLast().id();
        }
    }

    private static LoggedMail of(JsonNode mail, long seed) {
        List<Standing> standings = new ArrayList<>();
        for (JsonNode recipient : mail.get("recipients")) {
            standings.add(
                    new Standing(
                            recipient.get("address").asString(),
                            recipient.get("state").asString(),
                            recipient.get("final").asBoolean(),
                            recipient.path("duplicates").asInt()));
        }
        String messageId = mail.path("messageId").asString("");
        return new LoggedMail(
                mail.get("id").asString(), PlannedMail.numberIn(seed, messageId), standings);
    }
}
