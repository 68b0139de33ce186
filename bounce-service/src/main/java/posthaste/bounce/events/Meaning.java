package posthaste.bounce.events;

import java.util.Optional;
import posthaste.bounce.inbound.rules.BounceClass;
import posthaste.bounce.inbound.rules.BounceClassifier;
import posthaste.bounce.inbound.rules.Classification;
import posthaste.bounce.inbound.rules.Refusal;
import posthaste.bounce.inbound.rules.ReplyTemplate;
import posthaste.mail.record.Event;
import posthaste.mail.record.Event.Kind;
import posthaste.mail.status.Reply;

/**
 * What an event means, by the rules in force: the same whether it is told, written to the log or
 * classified again later. Rules see the template of a reply, so that one who remembers what they
 * said of a template need not ask them for each reply.
 *
 * @param bounceClass name of a {@link BounceClass}; empty where nothing was refused
 * @param hard whether nothing more should be sent to the address
 */
public record Meaning(Optional<String> bounceClass, boolean hard) {
    public static final Meaning NO_REFUSAL = new Meaning(Optional.empty(), false);

    private static Meaning soft(BounceClass bounceClass) {
        return new Meaning(Optional.of(bounceClass.name()), false);
    }

    /** Whether rules say what events of this kind mean. */
    public static boolean isByRules(Kind kind) {
        return switch (kind) {
            case DEFERRED, FAILED, BOUNCED, EXPIRED, RETURNED, DELAY_REPORTED -> true;
            case DELIVERED,
                    DELAY_WARNED,
                    REMOVED,
                    REQUEUED,
                    QUARANTINED,
                    CONFIRMED,
                    COMPLAINED,
                    REPLIED ->
                    false;
        };
    }

    /** What a kind means whatever was said; {@link #NO_REFUSAL} where that depends on the words. */
    public static Meaning of(Kind kind) {
        return switch (kind) {
            case COMPLAINED -> soft(BounceClass.COMPLAINT);
            case REPLIED -> soft(BounceClass.AUTOREPLY);
            default -> NO_REFUSAL;
        };
    }

    /** What an event means for its recipient. */
    public static Meaning of(Event.Entry entry, BounceClassifier rules) {
        return isByRules(entry.kind())
                ? of(
                        entry.reply().map(Reply::code).orElse(0),
                        entry.status().toString(),
                        template(said(entry)),
                        rules)
                : of(entry.kind());
    }

    /** The server's words; where it said nothing, ours. */
    public static String said(Event.Entry entry) {
        return entry.reply().map(Reply::text).orElse(entry.reason());
    }

    /** What of the words goes for all mails. */
    public static String template(String said) {
        return ReplyTemplate.of(said.replace('\0', ' '));
    }

    /**
     * What a refusal means.
     *
     * @param code 0: no server said it
     */
    public static Meaning of(int code, String status, String template, BounceClassifier rules) {
        // Our own word for a network or a host that is away, whatever servers mean by such a
        // status.
        if (code == 0 && status.startsWith("4.4.")) {
            return soft(BounceClass.TRANSIENT);
        }
        String bare =
                template.startsWith(status)
                        ? template.substring(status.length()).strip()
                        : template;
        Classification found = rules.classify(new Refusal(code, status, bare, ""));
        return new Meaning(Optional.of(found.bounceClass().name()), found.hard());
    }
}
