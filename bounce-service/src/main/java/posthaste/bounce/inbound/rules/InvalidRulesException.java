package posthaste.bounce.inbound.rules;

/** A rule file that can't be used. The message names file, line and reason. */
public final class InvalidRulesException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidRulesException(String where, String reason) {
        super("The bounce rules in " + where + " can't be used: " + reason + ".");
    }
}
