package posthaste.ingest.http;

import java.util.List;

/**
 * What became of a request: the mails that are ours now, and whom none of them goes to.
 *
 * @param messages each durable
 * @param rejected those that were asked for and that no mail goes to, with the reason
 */
public record Accepted(List<Mail> messages, List<Rejected> rejected) {

    /**
     * A mail.
     *
     * @param id as REST and {@code trace} know it
     */
    public record Mail(String id, List<String> recipients) {}

    /**
     * A recipient that was refused.
     *
     * @param reply as SMTP would have given it
     */
    public record Rejected(String recipient, String reply) {}
}
