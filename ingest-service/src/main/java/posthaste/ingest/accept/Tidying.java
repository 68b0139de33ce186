package posthaste.ingest.accept;

import java.util.Map;
import posthaste.ingest.message.DateTime;
import posthaste.ingest.message.MessageHeader;
import posthaste.mail.envelope.Envelope;

/**
 * What a first submission lacks is added (RFC 6409 section 8), as fields above the message as it
 * came. Sender, From and all else is its author's. Mail of other servers is left alone.
 */
public final class Tidying {
    private final Rules rules;
    private final String hostName;
    private final Map<String, String> hostNames;

    /**
     * What is done.
     *
     * @param addDate where there is none
     * @param addMessageId where there is none
     * @param removeBcc the one change to what was submitted: for clients that leave it in and mean
     *     it to be secret
     */
    public record Rules(boolean addDate, boolean addMessageId, boolean removeBcc) {
        public static final Rules NONE = new Rules(false, false, false);
    }

    /**
     * Makes Message-IDs in the name of this host.
     *
     * @param hostNames of listeners that have their own, by the listener's name
     */
    public Tidying(Rules rules, String hostName, Map<String, String> hostNames) {
        this.rules = rules;
        this.hostName = hostName;
        this.hostNames = Map.copyOf(hostNames);
    }

    /** A header as it is relayed, but for what is added. */
    MessageHeader kept(IncomingMail mail, MessageHeader header) {
        return mail.firstSubmission() && rules.removeBcc() && header.has("Bcc")
                ? header.without(field -> field.is("Bcc"))
                : header;
    }

    /** The fields that are added, each with its CRLF; empty when nothing is lacking. */
    String added(IncomingMail mail, MessageHeader header) {
        if (!mail.firstSubmission()) {
            return "";
        }
        Envelope envelope = mail.envelope();
        StringBuilder fields = new StringBuilder();
        if (rules.addDate() && !header.has("Date")) {
            fields.append("Date: ").append(DateTime.of(envelope.acceptedAt())).append("\r\n");
        }
        if (rules.addMessageId() && !header.has("Message-ID")) {
            String host = hostNames.getOrDefault(mail.submitter().listener(), hostName);
            fields.append("Message-ID: <")
                    .append(envelope.id())
                    .append('@')
                    .append(host)
                    .append(">\r\n");
        }
        return fields.toString();
    }
}
