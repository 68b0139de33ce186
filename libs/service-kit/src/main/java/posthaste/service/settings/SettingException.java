package posthaste.service.settings;

/**
 * A configured value that is not allowed. Thrown by the constructor of a properties record, which
 * knows its components but not its prefix: that is added where the failure is told.
 */
public final class SettingException extends IllegalArgumentException {
    private final String component;
    private final String verdict;

    SettingException(String component, String verdict) {
        super(component + " " + verdict);
        this.component = component;
        this.verdict = verdict;
    }

    /** The property's name below its prefix, as {@code in-flight}. */
    public String component() {
        return component;
    }

    /** The rest of the sentence: what was given and what is allowed. */
    public String verdict() {
        return verdict;
    }
}
