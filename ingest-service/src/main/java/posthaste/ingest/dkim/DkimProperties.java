package posthaste.ingest.dkim;

import static posthaste.service.settings.Setting.between;
import static posthaste.service.settings.Setting.require;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.ingest.policy.Network;

/**
 * DKIM signatures of mail that is accepted from our users (RFC 6376, RFC 8463).
 *
 * @param keys folder of keys, {@code DOMAIN/SELECTOR.pem}, or a file of lines {@code DOMAIN
 *     SELECTOR FILE}; read again when it changes; empty: nothing is signed
 * @param parents whether the key of a parent domain signs for a domain that has none
 * @param networks whose mail is signed also without a login, as addresses or {@code ADDRESS/BITS}
 * @param header what may change in a header on the way: {@code relaxed} or {@code simple}
 * @param body what may change in a body on the way: {@code relaxed} or {@code simple}
 * @param oversignedFields signed, together with there being no further one
 * @param signedFields signed where they are
 * @param validity after which a signature counts no more; 0 is for ever. Longer than mail may stay
 *     in a queue, ours or another
 */
@ConfigurationProperties(prefix = "posthaste.dkim", ignoreUnknownFields = false)
public record DkimProperties(
        @DefaultValue("") String keys,
        @DefaultValue("false") boolean parents,
        @DefaultValue({"127.0.0.0/8", "::1"}) List<String> networks,
        @DefaultValue("relaxed") Canonicalization header,
        @DefaultValue("relaxed") Canonicalization body,
        @DefaultValue({
                    "From",
                    "Subject",
                    "To",
                    "Cc",
                    "Date",
                    "Message-ID",
                    "Reply-To",
                    "In-Reply-To",
                    "References",
                    "MIME-Version",
                    "Content-Type",
                    "Content-Transfer-Encoding"
                })
                List<String> oversignedFields,
        @DefaultValue({
                    "Sender",
                    "Content-ID",
                    "Content-Description",
                    "Content-Disposition",
                    "List-Id",
                    "List-Help",
                    "List-Unsubscribe",
                    "List-Unsubscribe-Post",
                    "List-Subscribe",
                    "List-Post",
                    "List-Owner",
                    "List-Archive",
                    "Feedback-ID"
                })
                List<String> signedFields,
        @DefaultValue("0") Duration validity) {
    private static final Pattern FIELD = Pattern.compile("[!-9;-~]{1,76}");

    /** RFC 6376 section 5.4: a signature over these breaks on the way, or helps a forger. */
    private static final List<String> NEVER =
            List.of("received", "return-path", "dkim-signature", "bcc", "comments", "keywords");

    public DkimProperties {
        networks = List.copyOf(networks);
        oversignedFields = List.copyOf(oversignedFields);
        signedFields = List.copyOf(signedFields);
        for (String network : networks) {
            require(
                    "networks",
                    network,
                    isNetwork(network),
                    "an IP address or ADDRESS/BITS, beginning with its lowest address");
        }
        oversignedFields.forEach(name -> field("oversigned-fields", name));
        signedFields.forEach(name -> field("signed-fields", name));
        require(
                "oversigned-fields",
                String.join(",", oversignedFields),
                oversignedFields.stream().anyMatch("From"::equalsIgnoreCase),
                "names of fields, From among them");
        between("validity", validity, Duration.ZERO, Duration.ofDays(3650));
    }

    public SigningSettings settings() {
        return new SigningSettings(
                header, body, new SignedFields(signedFields, oversignedFields), parents, validity);
    }

    public List<Network> vouchedFor() {
        return networks.stream().map(Network::parse).toList();
    }

    private static void field(String property, String name) {
        require(
                property,
                name,
                FIELD.matcher(name).matches() && !NEVER.contains(name.toLowerCase(Locale.ROOT)),
                "the name of a field that stays as it is on the way");
    }

    private static boolean isNetwork(String text) {
        try {
            Network.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
