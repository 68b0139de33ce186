package posthaste.ingest.auth.users;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import posthaste.mail.text.VisibleText;

/** What a client types as its name, and which names are one and the same. */
public final class UserName {
    /** Octets of the longest address. */
    private static final int LONGEST = 320;

    private UserName() {}

    /**
     * The form in which names are compared and kept: NFKC and in lower case. Empty for what can be
     * nobody's name: too long, or with white space or what cannot be seen in it.
     */
    public static Optional<String> canonical(String typed) {
        if (typed.isEmpty() || typed.length() > LONGEST) {
            return Optional.empty();
        }
        String name = Normalizer.normalize(typed, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return name.codePoints()
                        .allMatch(c -> VisibleText.isVisible(c) && !Character.isSpaceChar(c))
                ? Optional.of(name)
                : Optional.empty();
    }
}
