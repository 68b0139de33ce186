package posthaste.mail.envelope;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The NOTIFY parameter of RCPT (RFC 3461 section 4.1); not given means "on failure, perhaps on
 * delay".
 */
public record Notify(Set<Condition> conditions) {
    /** What a notification may be asked for; no condition but {@link #never} is NEVER. */
    public enum Condition {
        NEVER,
        SUCCESS,
        FAILURE,
        DELAY
    }

    public static final Notify NOT_GIVEN = new Notify(Set.of());

    public Notify {
        conditions = Set.copyOf(conditions);
        if (conditions.contains(Condition.NEVER) && conditions.size() > 1) {
            throw new IllegalArgumentException("NEVER stands alone (RFC 3461 section 4.1)");
        }
    }

    /**
     * Reads the parameter's value, as {@code SUCCESS,DELAY}.
     *
     * @throws IllegalArgumentException when RFC 3461 does not allow it
     */
    public static Notify parse(String value) {
        Set<Condition> conditions = EnumSet.noneOf(Condition.class);
        for (String word : value.split(",", -1)) {
            conditions.add(Condition.valueOf(word.toUpperCase(Locale.ROOT)));
        }
        return new Notify(conditions);
    }

    public boolean isGiven() {
        return !conditions.isEmpty();
    }

    public boolean never() {
        return conditions.contains(Condition.NEVER);
    }

    public boolean onFailure() {
        return !isGiven() || conditions.contains(Condition.FAILURE);
    }

    /** Not given counts as asked for, as RFC 3461 section 4.1 leaves to us. */
    public boolean onDelay() {
        return !isGiven() || conditions.contains(Condition.DELAY);
    }

    public boolean onSuccess() {
        return conditions.contains(Condition.SUCCESS);
    }
}
