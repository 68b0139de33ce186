package posthaste.service.settings;

import java.util.regex.Pattern;

/** Which properties hold what may be in no log and no message (DESIGN 3, invariant 7). */
public final class Secrets {
    /** Stands for the value. */
    public static final String HIDDEN = "(not shown)";

    private static final Pattern NAMES =
            Pattern.compile(
                    "password|passphrase|secret|token|credential|jaas|key$",
                    Pattern.CASE_INSENSITIVE);

    private Secrets() {}

    /** Whether a property of this name holds a secret. */
    public static boolean isSecret(String property) {
        return NAMES.matcher(property).find();
    }
}
