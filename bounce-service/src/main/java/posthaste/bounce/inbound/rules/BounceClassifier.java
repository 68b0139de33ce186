package posthaste.bounce.inbound.rules;

import java.util.ArrayList;
import java.util.List;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/**
 * Says what a refusal means: by the first rule that matches, users' files before the shipped one.
 * What no rule knows is judged by the class of its status or reply code alone.
 *
 * <p>A pure function of the rules and the refusal; immutable, for any number of threads. It takes
 * microseconds (docs/bounces.md has the figures), so nothing need be kept for the next time.
 */
public final class BounceClassifier {
    private final List<IndexedRule> rules;
    private final LiteralIndex index;
    private final String fingerprint;

    BounceClassifier(List<Rule> rules, String fingerprint) {
        LiteralIndex.Builder words = new LiteralIndex.Builder();
        List<IndexedRule> indexed = new ArrayList<>(rules.size());
        IndexedRule.Numbers numbers = new IndexedRule.Numbers(words);
        for (Rule rule : rules) {
            indexed.add(IndexedRule.of(rule, numbers));
        }
        this.rules = List.copyOf(indexed);
        this.index = words.build();
        this.fingerprint = fingerprint;
    }

    /** How many rules there are. */
    public int size() {
        return rules.size();
    }

    /**
     * Tells one set of rules from another, also across processes: what was classified under the
     * same fingerprint need not be classified again.
     */
    public String fingerprint() {
        return fingerprint;
    }

    /** Classifies a refusal of our own delivery: what its event says. */
    public Classification classify(EnhancedStatusCode status, Reply reply) {
        return classify(status, reply, "");
    }

    /**
     * The same, where the refused command is known.
     *
     * @param command {@code RCPT}, {@code DATA}, {@code MAIL}, {@code HELO}, {@code CONN}, or an
     *     empty text
     */
    public Classification classify(EnhancedStatusCode status, Reply reply, String command) {
        String text = reply.text();
        String code = status.toString();
        String bare = text.startsWith(code) ? text.substring(code.length()) : text;
        return classify(new Refusal(reply.code(), code, bare, command));
    }

    public Classification classify(Refusal refusal) {
        RefusalText text = RefusalText.of(refusal, index);
        for (IndexedRule rule : rules) {
            if (rule.matches(refusal, text)) {
                return rule.rule().classification(refusal);
            }
        }
        return refusal.transientStatus()
                ? new Classification(BounceClass.TRANSIENT, false, false, "transient")
                : new Classification(BounceClass.UNSPECIFIC, false, false, "unknown");
    }
}
