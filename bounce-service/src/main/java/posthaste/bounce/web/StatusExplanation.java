package posthaste.bounce.web;

import java.util.Map;
import java.util.Optional;
import posthaste.mail.status.EnhancedStatusCode;

/** What an enhanced status code says, in plain words (RFC 3463 and its registry at IANA). */
public final class StatusExplanation {
    private static final Map<String, String> CODES =
            Map.ofEntries(
                    Map.entry("1.0", "There is a problem with the address."),
                    Map.entry("1.1", "The recipient's mailbox does not exist."),
                    Map.entry("1.2", "The recipient's domain does not exist, or takes no mail."),
                    Map.entry("1.3", "The recipient's address is not written as an address."),
                    Map.entry("1.4", "The recipient's address is ambiguous."),
                    Map.entry("1.5", "The recipient's address is valid."),
                    Map.entry("1.6", "The recipient's mailbox has moved and left no new address."),
                    Map.entry("1.7", "The sender's address is not written as an address."),
                    Map.entry("1.8", "The sender's domain does not exist, or takes no mail."),
                    Map.entry("1.9", "The mail was passed to a system that does not speak DSN."),
                    Map.entry(
                            "1.10", "The recipient's domain says that it takes no mail (null MX)."),
                    Map.entry("2.0", "There is a problem with the recipient's mailbox."),
                    Map.entry("2.1", "The recipient's mailbox is disabled."),
                    Map.entry("2.2", "The recipient's mailbox is full."),
                    Map.entry("2.3", "The message is larger than the recipient's mailbox takes."),
                    Map.entry("2.4", "The mailing list could not be expanded."),
                    Map.entry("3.0", "There is a problem with the receiving mail system."),
                    Map.entry("3.1", "The receiving mail system has no storage left."),
                    Map.entry("3.2", "The receiving mail system takes no mail at present."),
                    Map.entry(
                            "3.3",
                            "The receiving mail system lacks a feature that the mail needs."),
                    Map.entry("3.4", "The message is larger than the receiving mail system takes."),
                    Map.entry("3.5", "The receiving mail system is not set up right."),
                    Map.entry("4.0", "There is a problem with the network or the routing."),
                    Map.entry("4.1", "The receiving server does not answer."),
                    Map.entry("4.2", "The connection to the receiving server broke."),
                    Map.entry("4.3", "The name service (DNS) did not answer."),
                    Map.entry("4.4", "No server is known for the recipient's domain."),
                    Map.entry("4.5", "The receiving mail system is congested."),
                    Map.entry("4.6", "The mail went in a circle."),
                    Map.entry(
                            "4.7",
                            "The mail could not be delivered within the time that it is kept."),
                    Map.entry("5.0", "The servers did not understand each other."),
                    Map.entry("5.1", "The server did not accept a command at that point."),
                    Map.entry("5.2", "The server did not understand a command."),
                    Map.entry("5.3", "The mail has more recipients than the server takes at once."),
                    Map.entry("5.4", "The server did not accept a command's parameter."),
                    Map.entry("5.6", "The server took issue with the login."),
                    Map.entry("6.0", "There is a problem with the message itself."),
                    Map.entry("6.1", "The recipient's system does not take this kind of content."),
                    Map.entry(
                            "6.3", "The message would have to be converted, which cannot be done."),
                    Map.entry("6.7", "The recipient's system takes no international addresses."),
                    Map.entry(
                            "7.0",
                            "The receiving system refused for reasons of policy or security."),
                    Map.entry("7.1", "The receiving system's policy does not allow this mail."),
                    Map.entry("7.2", "The sender may not write to this mailing list."),
                    Map.entry("7.5", "A cryptographic step failed."),
                    Map.entry("7.7", "The message was altered on its way."),
                    Map.entry("7.8", "The login was not accepted."),
                    Map.entry("7.10", "The receiving system wants an encrypted connection."),
                    Map.entry("7.20", "The message bears no DKIM signature that passes."),
                    Map.entry(
                            "7.23",
                            "SPF does not allow our server to send for the sender's domain."),
                    Map.entry("7.24", "The sender's SPF record could not be evaluated."),
                    Map.entry("7.25", "Our address has no reverse DNS name that leads back to it."),
                    Map.entry("7.26", "The mail passed neither SPF nor DKIM."),
                    Map.entry("7.27", "The sender's domain says that it sends no mail."),
                    Map.entry(
                            "7.28", "Too much mail of this kind arrived at the receiving system."));

    private static final Map<Integer, String> SUBJECTS =
            Map.of(
                    1, "There is a problem with an address.",
                    2, "There is a problem with the recipient's mailbox.",
                    3, "There is a problem with the receiving mail system.",
                    4, "There is a problem with the network or the routing.",
                    5, "The servers did not understand each other.",
                    6, "There is a problem with the message itself.",
                    7, "The receiving system refused for reasons of policy or security.");

    private StatusExplanation() {}

    /**
     * One sentence on what happened and one on what follows from it; empty for a code that says no
     * more than that it worked.
     */
    public static Optional<String> of(String text) {
        Optional<EnhancedStatusCode> parsed = EnhancedStatusCode.leading(text);
        if (parsed.isEmpty()) {
            return Optional.empty();
        }
        EnhancedStatusCode code = parsed.get();
        Optional<String> cause =
                Optional.ofNullable(CODES.get(code.subject() + "." + code.detail()))
                        .or(() -> Optional.ofNullable(SUBJECTS.get(code.subject())));
        return switch (code.statusClass()) {
            case 2 -> Optional.empty();
            case 4 ->
                    Optional.of(
                            cause.orElse("The receiving system gave no particular reason.")
                                    + " It may pass, so the mail is tried again.");
            default ->
                    Optional.of(
                            cause.orElse("The receiving system gave no particular reason.")
                                    + " It will not pass by itself.");
        };
    }
}
