package posthaste.mail.status;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code class.subject.detail} of RFC 3463: class 2, 4 or 5, the others 0 to 999. */
public record EnhancedStatusCode(int statusClass, int subject, int detail) {
    private static final Pattern FORM =
            Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})(?=\\s|$)");

    public EnhancedStatusCode {
        if ((statusClass != 2 && statusClass != 4 && statusClass != 5)
                || subject < 0
                || subject > 999
                || detail < 0
                || detail > 999) {
            throw new IllegalArgumentException(
                    "not an enhanced status code: " + statusClass + '.' + subject + '.' + detail);
        }
    }

    /** The code with which {@code text} begins, if it does. */
    public static Optional<EnhancedStatusCode> leading(String text) {
        Matcher m = FORM.matcher(text);
        return m.lookingAt()
                ? Optional.of(
                        new EnhancedStatusCode(
                                Integer.parseInt(m.group(1)),
                                Integer.parseInt(m.group(2)),
                                Integer.parseInt(m.group(3))))
                : Optional.empty();
    }

    /**
     * Reads a whole code.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static EnhancedStatusCode parse(String text) {
        return leading(text)
                .filter(code -> code.toString().equals(text))
                .orElseThrow(
                        () -> new IllegalArgumentException("not an enhanced status code: " + text));
    }

    @Override
    public String toString() {
        return statusClass + "." + subject + '.' + detail;
    }
}
