package posthaste.bounce.rest;

/** A request's parameter is not what it may be. */
public final class WrongParameterException extends Exception {
    private final String parameter;
    private final String allowed;

    /**
     * Says what is wrong.
     *
     * @param parameter its name
     * @param allowed what it may be, as it ends the sentence "must be ..."
     */
    public WrongParameterException(String parameter, String allowed) {
        super("The parameter '" + parameter + "' must be " + allowed + ".");
        this.parameter = parameter;
        this.allowed = allowed;
    }

    public String parameter() {
        return parameter;
    }

    public String allowed() {
        return allowed;
    }
}
