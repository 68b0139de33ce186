package posthaste.bounce.inbound.rules;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The names by which rule files call the classes: ours, and those of KumoMTA's files. */
final class ClassNames {
    private static final Map<String, BounceClass> KUMOMTA =
            Map.ofEntries(
                    entry("InvalidRecipient", BounceClass.INVALID_RECIPIENT),
                    entry("BadDomain", BounceClass.INVALID_DOMAIN),
                    entry("InactiveMailbox", BounceClass.INACTIVE),
                    entry("InvalidSender", BounceClass.REPUTATION),
                    entry("QuotaIssues", BounceClass.MAILBOX_FULL),
                    entry("NoAnswerFromHost", BounceClass.TRANSIENT),
                    entry("BadConnection", BounceClass.TRANSIENT),
                    entry("DNSFailure", BounceClass.TRANSIENT),
                    entry("RoutingErrors", BounceClass.PROTOCOL),
                    entry("TransientFailure", BounceClass.TRANSIENT),
                    entry("MessageExpired", BounceClass.TRANSIENT),
                    entry("ProtocolErrors", BounceClass.PROTOCOL),
                    entry("AuthenticationFailed", BounceClass.AUTH),
                    entry("PolicyRelated", BounceClass.CONTENT),
                    entry("SpamBlock", BounceClass.REPUTATION),
                    entry("SpamContent", BounceClass.CONTENT),
                    entry("VirusContent", BounceClass.CONTENT),
                    entry("ContentRelated", BounceClass.CONTENT),
                    entry("Greylisting", BounceClass.TRANSIENT),
                    entry("TooManyRecipients", BounceClass.RATE),
                    entry("ConfigurationError", BounceClass.TRANSIENT),
                    entry("SuppressionList", BounceClass.UNSPECIFIC),
                    entry("Unspecified", BounceClass.UNSPECIFIC));

    private ClassNames() {}

    static Optional<BounceClass> find(String name) {
        BounceClass foreign = KUMOMTA.get(name);
        if (foreign != null) {
            return Optional.of(foreign);
        }
        return Arrays.stream(BounceClass.values())
                .filter(each -> each.name().equals(name.toUpperCase(Locale.ROOT)))
                .findAny();
    }

    static List<String> all() {
        return Stream.concat(
                        Arrays.stream(BounceClass.values()).map(BounceClass::name),
                        KUMOMTA.keySet().stream().sorted())
                .toList();
    }
}
