package posthaste.bounce;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import posthaste.bounce.dsn.Reporter;
import posthaste.bounce.dsn.Returned;
import posthaste.mail.address.Domains;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.service.settings.HostName;
import posthaste.service.settings.Setting;

/**
 * The notifications that go to senders.
 *
 * @param reportingMta the name under which we report, best the one that clients know us by
 *     (default: the host name)
 * @param postmaster the address that notifications come from; someone should read what arrives
 *     there (default: {@code postmaster} at {@code reporting-mta})
 * @param maxReturnedMessage up to which a message goes back whole when the client asked for it; of
 *     larger ones the header section does
 * @param maxReturnedHeader at which a header section that goes back is cut
 * @param inFlight notices handled at once; each may hold a returned message twice in memory
 * @param storeDeadline how long a notification may take to be stored before the loop pauses
 * @param rules files, or folders of {@code .toml} files, with rules for what refusals mean, tried
 *     before those that come with Posthaste (docs/bounces.md); a wrong one stops the start
 */
@ConfigurationProperties(prefix = "posthaste.bounce", ignoreUnknownFields = false)
public record BounceProperties(
        @DefaultValue("") String reportingMta,
        @DefaultValue("") String postmaster,
        @DefaultValue("1MB") DataSize maxReturnedMessage,
        @DefaultValue("64KB") DataSize maxReturnedHeader,
        @DefaultValue("32") int inFlight,
        @DefaultValue("30s") Duration storeDeadline,
        @DefaultValue List<Path> rules) {

    public BounceProperties {
        reportingMta = reportingMta.isBlank() ? hostName() : reportingMta;
        Setting.require(
                "reporting-mta", reportingMta, isAsciiDomain(reportingMta), "a domain in ASCII");
        postmaster = postmaster.isBlank() ? "postmaster@" + reportingMta : postmaster;
        Setting.require(
                "postmaster", postmaster, isAsciiAddress(postmaster), "an address in ASCII");
        Setting.between(
                "max-returned-message",
                maxReturnedMessage,
                DataSize.ofBytes(0),
                DataSize.ofMegabytes(50));
        Setting.between(
                "max-returned-header",
                maxReturnedHeader,
                DataSize.ofKilobytes(1),
                DataSize.ofMegabytes(1));
        Setting.between("in-flight", inFlight, 1, 10_000);
        Setting.between(
                "store-deadline", storeDeadline, Duration.ofMillis(100), Duration.ofMinutes(5));
        rules = List.copyOf(rules);
    }

    Reporter reporter() {
        return new Reporter(reportingMta, EmailAddress.of(postmaster));
    }

    Returned.Limits limits() {
        return new Returned.Limits(
                maxReturnedMessage.toBytes(), Math.toIntExact(maxReturnedHeader.toBytes()));
    }

    private static boolean isAsciiDomain(String name) {
        try {
            Domains.check(name);
            return isAscii(name);
        } catch (InvalidAddressException e) {
            return false;
        }
    }

    private static boolean isAsciiAddress(String text) {
        try {
            return !EmailAddress.parse(text).needsSmtpUtf8();
        } catch (InvalidAddressException e) {
            return false;
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /** A machine whose name is no domain can still report; it should be given one. */
    private static String hostName() {
        String name = HostName.ofThisMachine();
        return isAsciiDomain(name) ? name : "localhost";
    }
}
