package posthaste.service.suppression;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.mail.envelope.Stream;
import posthaste.service.settings.Setting;

/**
 * The suppression list: who gets on it by itself, for how long, and whose mail does not heed it.
 *
 * @param enabled whether anybody is refused; entries are kept all the same
 * @param exemptStreams whose mail does not heed the list: our own notifications are for senders,
 *     who have to be told
 * @param exemptClients IP addresses or logins whose mail does not heed the list, neither at RCPT
 *     nor at delivery
 * @param tellAtRcpt whether clients are refused such recipients at RCPT; else their mail is
 *     accepted, and the sender told by a notification
 * @param help stands at the end of a refusal: where to ask, a sentence or an address
 * @param rules what leads to an entry, by class ({@code hard-bounce}, {@code soft-bounce}, {@code
 *     complaint}, {@code unsubscribe}): {@code after} so many times {@code within} a time, for so
 *     long ({@code expires}; 0: for good), {@code everywhere} or for the mail's stream alone
 * @param streams rules of one stream, which go before: {@code streams.bulk.soft-bounce.after}
 */
@ConfigurationProperties(prefix = "posthaste.suppression", ignoreUnknownFields = false)
public record SuppressionProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("dsn") List<String> exemptStreams,
        @DefaultValue List<String> exemptClients,
        @DefaultValue("true") boolean tellAtRcpt,
        @DefaultValue("") String help,
        @DefaultValue Map<String, RuleProperties> rules,
        @DefaultValue Map<String, Map<String, RuleProperties>> streams) {
    private static final Map<SuppressionClass, SuppressionRule> USUAL =
            Map.of(
                    SuppressionClass.HARD_BOUNCE,
                    new SuppressionRule(1, Duration.ZERO, Duration.ofDays(180), true),
                    SuppressionClass.SOFT_BOUNCE,
                    new SuppressionRule(5, Duration.ofDays(14), Duration.ofDays(30), true),
                    SuppressionClass.COMPLAINT,
                    new SuppressionRule(1, Duration.ZERO, Duration.ZERO, false),
                    SuppressionClass.UNSUBSCRIBE,
                    new SuppressionRule(1, Duration.ZERO, Duration.ZERO, false));

    /** What of a rule is other than usual. */
    public record RuleProperties(
            @Nullable Integer after,
            @Nullable Duration within,
            @Nullable Duration expires,
            @Nullable Boolean everywhere) {

        SuppressionRule over(SuppressionRule usual) {
            return new SuppressionRule(
                    after == null ? usual.after() : after,
                    within == null ? usual.within() : within,
                    expires == null ? usual.expires() : expires,
                    everywhere == null ? usual.everywhere() : everywhere);
        }
    }

    public SuppressionProperties {
        exemptStreams = List.copyOf(exemptStreams);
        exemptClients = List.copyOf(exemptClients);
        rules = Map.copyOf(rules);
        streams = Map.copyOf(streams);
        Setting.require(
                "help", help, help.chars().allMatch(c -> c >= ' ' && c <= '~'), "a line of ASCII");
        Setting.require("help", help, help.length() <= 200, "at most 200 characters");
        check("rules", rules);
        streams.forEach((stream, ofStream) -> check("streams." + stream, ofStream));
    }

    private static void check(String component, Map<String, RuleProperties> rules) {
        rules.forEach((name, rule) -> {
            SuppressionClass known = SuppressionClass.of(name).orElse(SuppressionClass.MANUAL);
            Setting.require(
                    component,
                    name,
                    USUAL.containsKey(known),
                    Arrays.stream(SuppressionClass.values())
                            .filter(USUAL::containsKey)
                            .map(SuppressionClass::word)
                            .collect(Collectors.joining(", ", "a map from ", "")));
            String at = component + "." + name;
            SuppressionRule whole = rule.over(Objects.requireNonNull(USUAL.get(known)));
            Setting.between(at + ".after", whole.after(), 1, SuppressionRule.MOST);
            Setting.between(at + ".within", whole.within(), Duration.ZERO, Duration.ofDays(3650));
            Setting.between(
                    at + ".expires", whole.expires(), Duration.ZERO, Duration.ofDays(36500));
        });
    }

    /** What leads to an entry; empty for a class of which only people decide. */
    public Optional<SuppressionRule> rule(Stream stream, SuppressionClass of) {
        SuppressionRule usual = USUAL.get(of);
        if (usual == null) {
            return Optional.empty();
        }
        SuppressionRule everyStreams = find(rules, of).map(r -> r.over(usual)).orElse(usual);
        return Optional.of(
                find(streams.getOrDefault(stream.name(), Map.of()), of)
                        .map(r -> r.over(everyStreams))
                        .orElse(everyStreams));
    }

    private static Optional<RuleProperties> find(
            Map<String, RuleProperties> rules, SuppressionClass of) {
        return rules.entrySet().stream()
                .filter(each -> SuppressionClass.of(each.getKey()).equals(Optional.of(of)))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Whether the mail of a client, or of a login, does not heed the list. */
    boolean isExempt(String address, Optional<String> login) {
        return exemptClients.contains(address) || login.filter(exemptClients::contains).isPresent();
    }
}
