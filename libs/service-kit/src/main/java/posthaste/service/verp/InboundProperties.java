package posthaste.service.verp;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.service.settings.Setting;

/**
 * What comes back to us: bounces, complaints, answers by programs. Such mail is taken from anybody,
 * read, and never relayed or answered.
 *
 * @param complaints addresses at which complaints (ARF, RFC 5965) are taken, as given to the
 *     operators of feedback loops
 * @param reports addresses at which reports are taken that bear no return address of ours, such as
 *     those about mail from before {@code posthaste.verp.domain} was set; what they say of a
 *     recipient is told in the log and suppresses nobody, since anybody can write it
 * @param maxMessageSize larger ones are refused
 * @param forward where a report goes that came to a return address: {@code sender}, to the
 *     reverse-path that the mail was accepted with, as without VERP; {@code none}; or an address
 * @param unmatched an address that gets what nobody can make out, or that is about no mail of ours;
 *     empty: it is only counted
 * @param inFlight reports read at once
 */
@ConfigurationProperties(prefix = "posthaste.inbound", ignoreUnknownFields = false)
public record InboundProperties(
        @DefaultValue List<String> complaints,
        @DefaultValue List<String> reports,
        @DefaultValue("25MB") DataSize maxMessageSize,
        @DefaultValue("sender") String forward,
        @DefaultValue("") String unmatched,
        @DefaultValue("32") int inFlight) {
    private static final String SENDER = "sender";
    private static final String NONE = "none";

    public InboundProperties {
        complaints = checked("complaints", complaints);
        reports = checked("reports", reports);
        Setting.between(
                "max-message-size",
                maxMessageSize,
                DataSize.ofKilobytes(16),
                DataSize.ofGigabytes(1));
        Setting.require(
                "forward",
                forward,
                forward.equals(SENDER) || forward.equals(NONE) || isAddress(forward),
                "sender, none or an address");
        Setting.require(
                "unmatched",
                unmatched,
                unmatched.isEmpty() || isAddress(unmatched),
                "an address, or empty");
        Setting.between("in-flight", inFlight, 1, 10_000);
    }

    /** Whether an address takes complaints. */
    public boolean takesComplaints(EmailAddress address) {
        return complaints.contains(normal(address));
    }

    /** Whether an address takes other reports that are not signed. */
    public boolean takesReports(EmailAddress address) {
        return reports.contains(normal(address));
    }

    /** Whether any address is configured. */
    public boolean hasAddresses() {
        return !complaints.isEmpty() || !reports.isEmpty();
    }

    /**
     * Whom a report is passed on to.
     *
     * @param sender of the mail that it is about; empty when that is null
     */
    public Optional<EmailAddress> forwardTo(Optional<EmailAddress> sender) {
        return switch (forward) {
            case SENDER -> sender;
            case NONE -> Optional.empty();
            default -> Optional.of(EmailAddress.of(forward));
        };
    }

    /** Who gets what cannot be matched. */
    public Optional<EmailAddress> unmatchedTo() {
        return unmatched.isEmpty() ? Optional.empty() : Optional.of(EmailAddress.of(unmatched));
    }

    private static List<String> checked(String component, List<String> addresses) {
        return addresses.stream()
                .map(address -> {
                    Setting.require(component, address, isAddress(address), "a list of addresses");
                    return normal(EmailAddress.of(address));
                })
                .toList();
    }

    /** As mail servers compare them that change the case of what they pass on. */
    private static String normal(EmailAddress address) {
        return address.localPart().toLowerCase(Locale.ROOT) + '@' + address.asciiDomain();
    }

    private static boolean isAddress(String text) {
        try {
            EmailAddress.parse(text);
            return true;
        } catch (InvalidAddressException e) {
            return false;
        }
    }
}
