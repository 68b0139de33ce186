package posthaste.bounce.inbound.parse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a mail that came back. Never throws, whatever the bytes are; time and memory are bounded.
 *
 * <p>The order is that of trust: a feedback report, a delivery report, a notification in JSON, an
 * answer by a program, a free text of a mailer daemon.
 */
public final class MailParser {
    /** Octets of a mail that are looked at. */
    public static final int MOST = Bounds.MAIL;

    private MailParser() {}

    /** Reads a mail, its lines ended by CRLF, LF or CR. */
    public static ParsedMail parse(byte[] mail) {
        Lines lines = new Lines(mail);
        int first = 0;
        while (first < lines.count() && lines.isBlank(first)) {
            // What is saved from a mail reader may begin with empty lines.
            first++;
        }
        Header header = Header.read(lines, first, lines.count());
        return parse(Content.of(lines, header, header.end(), lines.count()), 0);
    }

    private static ParsedMail parse(Content content, int depth) {
        Origin origin = content.origin();
        List<Finding> findings = Complaints.in(content);
        if (findings.isEmpty()) {
            findings = DeliveryReports.in(content);
        }
        if (findings.isEmpty()) {
            findings = SesNotification.in(content);
        }
        if (findings.isEmpty() && AutoReply.is(content)) {
            findings = AutoReply.of(content);
        }
        if (findings.isEmpty() && DaemonText.namesRecipients(content)) {
            findings = DaemonText.in(content);
        }
        if (findings.isEmpty() && depth < 3) {
            for (Content forwarded : content.forwardedReports()) {
                ParsedMail within = parse(forwarded, depth + 1);
                if (!within.findings().isEmpty()) {
                    return within;
                }
            }
        }
        if (findings.isEmpty()) {
            findings = DaemonText.in(content);
        }
        return new ParsedMail(unique(findings), origin.messageId(), content.envelopeId());
    }

    /** One finding a recipient and kind: reports that repeat themselves count once. */
    private static List<Finding> unique(List<Finding> findings) {
        Set<String> seen = new HashSet<>();
        List<Finding> out = new ArrayList<>();
        for (Finding finding : findings) {
            if (seen.add(finding.kind() + " " + Ascii.lower(finding.recipient()))
                    && out.size() < Bounds.RECIPIENTS) {
                out.add(finding);
            }
        }
        return out;
    }
}
