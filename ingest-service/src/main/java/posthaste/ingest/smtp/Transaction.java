package posthaste.ingest.smtp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.Recipient;

/** A mail between MAIL and the end of its message. */
final class Transaction {
    private final ReversePath reversePath;
    private final MailParameters parameters;
    private final Map<EmailAddress, Recipient> recipients = new LinkedHashMap<>();
    private boolean recipientsAsked;
    private boolean chunksBegun;

    Transaction(ReversePath reversePath, MailParameters parameters) {
        this.reversePath = reversePath;
        this.parameters = parameters;
    }

    ReversePath reversePath() {
        return reversePath;
    }

    MailParameters parameters() {
        return parameters;
    }

    /** Whether the client has named recipients, also such as were refused. */
    boolean recipientsAsked() {
        return recipientsAsked;
    }

    void recipientAsked() {
        recipientsAsked = true;
    }

    /** Whether chunks of the message have come (RFC 3030). */
    boolean chunksBegun() {
        return chunksBegun;
    }

    void beginChunks() {
        chunksBegun = true;
    }

    /** Keeps a recipient; one that is there already stays as it was first given. */
    void add(Recipient recipient) {
        recipients.putIfAbsent(recipient.address(), recipient);
    }

    boolean has(EmailAddress address) {
        return recipients.containsKey(address);
    }

    List<Recipient> recipients() {
        return List.copyOf(recipients.values());
    }

    int recipientCount() {
        return recipients.size();
    }
}
