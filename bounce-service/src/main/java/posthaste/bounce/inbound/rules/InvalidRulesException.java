package posthaste.bounce.inbound.rules;

/** A rule file that can't be used. The message names file, line and reason. */
public final class InvalidRulesException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String file;

    /** Counted from 1; 0 for the file as a whole. */
    private final int line;

    private final String reason;

    InvalidRulesException(String file, int line, String reason) {
        super(
                "The bounce rules in "
                        + file
                        + (line > 0 ? ":" + line : "")
                        + " can't be used: "
                        + reason
                        + ".");
        this.file = file;
        this.line = line;
        this.reason = reason;
    }

    public String file() {
        return file;
    }

    /** Counted from 1; 0 for the file as a whole. */
    public int line() {
        return line;
    }

    /** A sentence's end, without a full stop. */
    public String reason() {
        return reason;
    }
}
