package posthaste.service.suppression;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why an address gets no mail. */
public enum SuppressionClass {
    /** The mailbox or its domain does not exist. */
    HARD_BOUNCE(1),
    /** Mail was given up again and again for another reason of the mailbox's own. */
    SOFT_BOUNCE(2),
    /** The recipient called it spam (RFC 5965). */
    COMPLAINT(3),
    /** The recipient wants no more of it. */
    UNSUBSCRIBE(4),
    /** An operator said so. */
    MANUAL(5);

    private final int code;

    SuppressionClass(int code) {
        this.code = code;
    }

    /** As records, memory and tables have it: from 1 to 7, for good. */
    public int code() {
        return code;
    }

    /** The class of a code. */
    public static Optional<SuppressionClass> ofCode(int code) {
        return Arrays.stream(values()).filter(each -> each.code == code).findFirst();
    }

    /** As it is written in requests, replies and files: {@code hard-bounce}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The class of a word, in any case. */
    public static Optional<SuppressionClass> of(String word) {
        String lower = word.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(each -> each.word().equals(lower)).findFirst();
    }
}
