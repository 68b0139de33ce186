package posthaste.service.verp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.mail.address.Domains;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.envelope.Stream;
import posthaste.mail.verp.VerpCodec;
import posthaste.mail.verp.VerpKey;
import posthaste.service.settings.Setting;

/**
 * Return addresses of our own (VERP), one for each mail and recipient, at which we hear what comes
 * back after a delivery. The same for all services.
 *
 * @param domain of the return addresses, a domain that is used for nothing else; its MX has to lead
 *     to a listener of ours; empty: mails keep their senders' reverse-paths
 * @param key the secrets that sign return addresses, divided by commas: the first signs, all of
 *     them verify; each of at least 16 octets, better of 32 random ones ({@code openssl rand -hex
 *     32})
 * @param keyFile a file with such secrets, one a line; those of {@code key} come before them
 * @param streams whose mails get return addresses (default: all)
 * @param maxAge how old a mail may be about which something comes back; later reports are refused
 */
@ConfigurationProperties(prefix = "posthaste.verp", ignoreUnknownFields = false)
public record VerpProperties(
        @DefaultValue("") String domain,
        @DefaultValue("") String key,
        @DefaultValue("") String keyFile,
        @DefaultValue List<Stream> streams,
        @DefaultValue("30d") Duration maxAge) {
    private static final Pattern DIVIDER = Pattern.compile("[,\\r\\n]+");

    public VerpProperties {
        Setting.require(
                "domain", domain, domain.isEmpty() || isDomain(domain), "a domain in ASCII");
        streams = List.copyOf(streams);
        Setting.between("max-age", maxAge, Duration.ofDays(1), Duration.ofDays(365));
        Setting.require(
                "key",
                key,
                domain.isEmpty() || !key.isBlank() || !keyFile.isBlank(),
                "given, or posthaste.verp.key-file, when posthaste.verp.domain is");
        Setting.read("key", key, VerpProperties::keys, "secrets of at least 16 octets each");
        if (!keyFile.isBlank()) {
            Setting.read(
                    "key-file",
                    keyFile,
                    VerpProperties::keysOf,
                    "a readable file with secrets of at least 16 octets, one a line");
        }
    }

    /** What makes and reads the addresses; empty when they are not in use. */
    public Optional<VerpCodec> codec() {
        if (domain.isEmpty()) {
            return Optional.empty();
        }
        List<VerpKey> all = new ArrayList<>(keys(key));
        if (!keyFile.isBlank()) {
            all.addAll(keysOf(keyFile));
        }
        return Optional.of(new VerpCodec(domain, all));
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "VerpProperties[domain=" + domain + ", streams=" + streams + "]";
    }

    private static List<VerpKey> keys(String text) {
        return DIVIDER.splitAsStream(text)
                .map(String::strip)
                .filter(secret -> !secret.isEmpty())
                .map(VerpKey::new)
                .toList();
    }

    private static List<VerpKey> keysOf(String file) {
        try {
            List<VerpKey> keys = keys(Files.readString(Path.of(file)));
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("no key");
            }
            return keys;
        } catch (IOException e) {
            throw new IllegalArgumentException("unreadable", e);
        }
    }

    private static boolean isDomain(String name) {
        try {
            Domains.check(name);
            return name.chars().allMatch(c -> c < 0x80);
        } catch (InvalidAddressException e) {
            return false;
        }
    }
}
