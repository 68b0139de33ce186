package posthaste.ingest.smtp;

import java.util.ArrayList;
import java.util.List;
import posthaste.ingest.smtp.ListenerSettings.Limits;
import posthaste.ingest.smtp.ListenerSettings.TlsMode;
import posthaste.ingest.submitter.Submitter;

/** What we say to EHLO: the extensions that a client may use at this listener as things stand. */
final class Extensions {
    private final ListenerSettings settings;

    Extensions(ListenerSettings settings) {
        this.settings = settings;
    }

    /**
     * The reply, without its last CRLF.
     *
     * @param further keywords, of what is offered beyond the ordinary
     */
    String reply(Submitter submitter, List<String> further) {
        List<String> lines = new ArrayList<>();
        lines.add(settings.hostName());
        lines.addAll(keywords(submitter));
        lines.addAll(further);
        StringBuilder reply = new StringBuilder(256);
        for (int i = 0; i < lines.size(); i++) {
            boolean isLast = i == lines.size() - 1;
            reply.append(isLast ? "250 " : "250-").append(lines.get(i));
            reply.append(isLast ? "" : "\r\n");
        }
        return reply.toString();
    }

    private List<String> keywords(Submitter submitter) {
        List<String> keywords = new ArrayList<>();
        keywords.add("PIPELINING");
        keywords.add("SIZE " + settings.limits().messageSize());
        keywords.add("8BITMIME");
        keywords.add("SMTPUTF8");
        keywords.add("CHUNKING");
        keywords.add("ENHANCEDSTATUSCODES");
        keywords.add("DSN");
        keywords.add(limits());
        if (settings.tls().mode() != TlsMode.NONE && submitter.tls().isEmpty()) {
            keywords.add("STARTTLS");
        }
        return keywords;
    }

    /** RFC 9422. */
    private String limits() {
        Limits limits = settings.limits();
        return "LIMITS RCPTMAX="
                + limits.recipients()
                + (limits.mails() == 0 ? "" : " MAILMAX=" + limits.mails());
    }
}
