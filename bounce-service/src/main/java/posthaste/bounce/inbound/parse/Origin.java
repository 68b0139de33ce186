package posthaste.bounce.inbound.parse;

import java.util.ArrayList;
import java.util.List;

/**
 * The mail that a report is about, as far as the report returns it.
 *
 * @param messageId with its brackets, or empty
 * @param recipients to whom it was addressed, the surest first
 * @param senders who wrote it
 */
record Origin(String messageId, List<String> recipients, List<String> senders) {
    static Origin of(Header header) {
        List<String> recipients = new ArrayList<>();
        for (String name :
                List.of(
                        "x-hmxmroriginalrecipient",
                        "x-apparently-to",
                        "to",
                        "x-envelope-to",
                        "x-original-to",
                        "delivered-to",
                        "resent-to",
                        "cc")) {
            for (String value : header.all(name)) {
                add(recipients, value);
            }
        }
        for (String received : header.all("received")) {
            int at = Ascii.lower(received).indexOf(" for <");
            if (at >= 0) {
                add(recipients, received.substring(at));
            }
        }
        List<String> senders = new ArrayList<>();
        for (String name : List.of("return-path", "from", "sender", "errors-to", "reply-to")) {
            for (String value : header.all(name)) {
                add(senders, value);
            }
        }
        String id = header.first("message-id").strip();
        int open = id.indexOf('<');
        int close = id.indexOf('>', open + 1);
        return new Origin(
                open >= 0 && close > open ? id.substring(open, close + 1) : id,
                List.copyOf(recipients),
                List.copyOf(senders));
    }

    private static void add(List<String> to, String value) {
        for (Addresses.Found found : Addresses.in(value)) {
            if (!to.contains(found.address()) && to.size() < 50) {
                to.add(found.address());
            }
        }
    }
}
