package posthaste.bounce.inbound.parse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A mail taken apart by what its parts are for.
 *
 * @param told lines of free text that speak to a person, without what they return
 * @param status lines of delivery reports
 * @param feedback lines of feedback reports
 * @param returned header of the mail that came back, {@link Header#NONE} where none did
 */
record Content(
        Header header,
        ContentType type,
        List<String> told,
        List<String> status,
        List<String> feedback,
        boolean dispositionNotification,
        Header returned,
        List<Part> messages) {

    static Content of(Lines lines, Header header, int from, int to) {
        List<String> told = new ArrayList<>();
        List<String> html = new ArrayList<>();
        List<String> status = new ArrayList<>();
        List<String> feedback = new ArrayList<>();
        List<Part> messages = new ArrayList<>();
        Header returned = Header.NONE;
        boolean disposition = false;
        for (Part part : MimeWalk.leaves(lines, header, from, to)) {
            if (part.isFeedback()) {
                feedback.addAll(split(part.text()));
            } else if (part.isStatus()) {
                status.addAll(split(part.text()));
                status.add("");
            } else if (part.isDispositionNotification()) {
                disposition = true;
            } else if (part.holdsMessage()) {
                messages.add(part);
                if (returned.isEmpty()) {
                    returned = part.messageHeader();
                }
            } else if (part.header().has("received") && !part.isWhole()) {
                // A message without the type that would say so.
                returned = returned.isEmpty() ? part.header() : returned;
            } else if (part.contentType().isText() || mayBeText(part)) {
                List<String> text =
                        split(part.contentType().isHtml() ? HtmlText.of(part.text()) : part.text());
                if (!text.isEmpty() && startsReport(text)) {
                    status.addAll(text);
                } else {
                    Told one = Told.of(text);
                    (part.contentType().isHtml() ? html : told).addAll(one.lines());
                    if (returned.isEmpty() && !one.returned().isEmpty()) {
                        returned = headerOf(one.returned());
                    }
                }
            }
        }
        boolean plain = told.stream().anyMatch(line -> !line.isBlank());
        List<String> words = plain ? told : html;
        return new Content(
                header,
                ContentType.of(header),
                words.size() > Bounds.TEXT_LINES ? words.subList(0, Bounds.TEXT_LINES) : words,
                status,
                feedback,
                disposition,
                returned,
                messages);
    }

    /** A free text, and the lines of the mail that it returns. */
    private record Told(List<String> lines, List<String> returned) {
        static Told of(List<String> text) {
            int cut = ReturnedText.begins(text);
            int from = cut;
            while (from < text.size() && from < cut + 6 && Header.colon(text.get(from)) < 0) {
                from++;
            }
            return new Told(text.subList(0, cut), text.subList(from, text.size()));
        }
    }

    private static Header headerOf(List<String> lines) {
        String joined = String.join("\n", lines.subList(0, Math.min(lines.size(), 200)));
        Lines bytes = new Lines(joined.getBytes(StandardCharsets.UTF_8));
        return Header.read(bytes, 0, bytes.count());
    }

    private static boolean mayBeText(Part part) {
        return part.contentType().type().startsWith("application/")
                && part.to() - part.from() < 200
                && part.contentType().type().endsWith("octet-stream");
    }

    private static boolean startsReport(List<String> text) {
        for (String line : text) {
            if (!line.isBlank()) {
                String lower = Ascii.lower(line);
                return lower.startsWith("reporting-mta:") || lower.startsWith("final-recipient:");
            }
        }
        return false;
    }

    static List<String> split(String text) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        while (from < text.length() && lines.size() < Bounds.TEXT_LINES * 4) {
            int end = text.indexOf('\n', from);
            if (end < 0) {
                end = text.length();
            }
            int last = end > from && text.charAt(end - 1) == '\r' ? end - 1 : end;
            lines.add(text.substring(from, Math.min(last, from + Bounds.LINE)));
            from = end + 1;
        }
        return lines;
    }

    Origin origin() {
        return Origin.of(returned);
    }

    /** Addresses, in lower case, that stand in a report as sender and not as recipient. */
    Set<String> senders() {
        Set<String> senders = new HashSet<>();
        for (String name : List.of("to", "from", "delivered-to", "sender")) {
            for (String value : header.all(name)) {
                Addresses.in(value).forEach(each -> senders.add(Ascii.lower(each.address())));
            }
        }
        origin().senders().forEach(each -> senders.add(Ascii.lower(each)));
        return senders;
    }

    String envelopeId() {
        return StatusFields.read(status).ofMessage("original-envelope-id");
    }

    /** Reports that someone forwarded as an attachment. */
    List<Content> forwardedReports() {
        List<Content> reports = new ArrayList<>();
        for (Part part : messages) {
            Header within = part.messageHeader();
            if (ContentType.of(within).isReport()) {
                reports.add(of(part.lines(), within, within.end(), part.to()));
            }
        }
        return reports;
    }
}
