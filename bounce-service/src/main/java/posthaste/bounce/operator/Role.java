package posthaste.bounce.operator;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody may do; each may do what those before it may. */
public enum Role {
    /** Sees everything but the contents of mail. */
    VIEWER,
    /** Decides about mail and addresses: quarantine, suppressions. */
    OPERATOR,
    /** Decides about what was lost, and sees who did what. */
    ADMIN;

    /** As it is written in files and shown. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isAtLeast(Role other) {
        return compareTo(other) >= 0;
    }

    /** Reads {@link #word()}. */
    public static Optional<Role> ofWord(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }
}
