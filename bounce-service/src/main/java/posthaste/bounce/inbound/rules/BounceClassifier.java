package posthaste.bounce.inbound.rules;

import java.util.List;
import java.util.Locale;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/**
 * Says what a refusal means: by the first rule that matches, users' files before the shipped one.
 * What no rule knows is judged by the class of its status or reply code alone. Immutable.
 */
public final class BounceClassifier {
    private final List<Rule> rules;

    BounceClassifier(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** How many rules there are. */
    public int size() {
        return rules.size();
    }

    /** Classifies a refusal of our own delivery: what its event says. */
    public Classification classify(EnhancedStatusCode status, Reply reply) {
        String text = reply.text();
        String code = status.toString();
        String bare = text.startsWith(code) ? text.substring(code.length()) : text;
        return classify(new Refusal(reply.code(), code, bare, ""));
    }

    public Classification classify(Refusal refusal) {
        String lower = refusal.text().toLowerCase(Locale.ROOT);
        String line = refusal.line();
        for (Rule rule : rules) {
            if (rule.matches(refusal, lower, line)) {
                return rule.classification(refusal);
            }
        }
        return refusal.transientStatus()
                ? new Classification(BounceClass.TRANSIENT, false, false, "transient")
                : new Classification(BounceClass.UNSPECIFIC, false, false, "unknown");
    }
}
