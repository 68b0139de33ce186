package posthaste.bounce.inbound.rules;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One rule: all conditions that it has must hold, each by one of its values.
 *
 * @param where {@code file:line}
 * @param hard what the rule says of the address, when it departs from its class
 * @param weak whether its words say so little that others nearby may decide instead
 * @param codes reply codes, {@code 550} {@code 5} for all of that class, or {@code none} where no
 *     code was told
 * @param statuses enhanced status codes, {@code 5.1.1}, {@code x.1.1} or {@code x.1.} for all of a
 *     subject, {@code none} where no status was told
 */
record Rule(
        String where,
        BounceClass bounceClass,
        Optional<Boolean> hard,
        boolean weak,
        Set<String> codes,
        Set<String> statuses,
        Set<String> commands,
        List<Phrase> phrases,
        List<Pattern> patterns) {
    Rule {
        codes = Set.copyOf(codes);
        statuses = Set.copyOf(statuses);
        commands = Set.copyOf(commands);
        phrases = List.copyOf(phrases);
        patterns = List.copyOf(patterns);
    }

    /** Whether its conditions hold that are not about words. */
    boolean concerns(Refusal refusal) {
        return (codes.isEmpty() || codeMatches(refusal))
                && (statuses.isEmpty() || statusMatches(refusal))
                && (commands.isEmpty() || commands.contains(refusal.command()));
    }

    Classification classification(Refusal refusal) {
        return new Classification(
                bounceClass,
                hard.orElseGet(() -> bounceClass.hard() && !transientDomain(refusal)),
                !weak && (!phrases.isEmpty() || !patterns.isEmpty()),
                where);
    }

    /** A domain that can't be looked up now may be there tomorrow. */
    private boolean transientDomain(Refusal refusal) {
        return bounceClass == BounceClass.INVALID_DOMAIN && refusal.transientStatus();
    }

    private boolean codeMatches(Refusal refusal) {
        return refusal.code() == 0
                ? codes.contains("none")
                : (codes.contains(Integer.toString(refusal.code()))
                        || codes.contains(Integer.toString(refusal.code() / 100)));
    }

    private boolean statusMatches(Refusal refusal) {
        String status = refusal.status();
        String detail = refusal.subjectAndDetail();
        int dot = detail.indexOf('.');
        if (detail.isEmpty()) {
            return statuses.contains("none");
        }
        return statuses.contains(status)
                || statuses.contains("x." + detail)
                || (dot > 0
                        && (statuses.contains("x." + detail.substring(0, dot + 1))
                                || statuses.contains(
                                        status.charAt(0) + "." + detail.substring(0, dot + 1))));
    }
}
