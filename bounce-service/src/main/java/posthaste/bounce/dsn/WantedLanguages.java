package posthaste.bounce.dsn;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetHeaders;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The languages that a message's author reads or writes, by its header section (RFC 3282): what
 * Accept-Language names, the most wanted first, then what Content-Language does.
 */
final class WantedLanguages {
    /** Characters of a field; more than that is no wish of a person. */
    private static final int LIMIT = 500;

    private WantedLanguages() {}

    static List<String> of(byte[] headerSection) {
        InternetHeaders fields;
        try {
            fields = new InternetHeaders(new ByteArrayInputStream(headerSection));
        } catch (MessagingException e) {
            return List.of();
        }
        List<String> wanted = new ArrayList<>(ranges(fields.getHeader("Accept-Language", ",")));
        wanted.addAll(ranges(fields.getHeader("Content-Language", ",")));
        return List.copyOf(wanted);
    }

    private static List<String> ranges(@Nullable String field) {
        if (field == null || field.length() > LIMIT) {
            return List.of();
        }
        try {
            return Locale.LanguageRange.parse(field.replaceAll("\\s+", "")).stream()
                    .filter(range -> range.getWeight() > 0)
                    .map(Locale.LanguageRange::getRange)
                    .toList();
        } catch (IllegalArgumentException _) {
            // Whoever wrote it wrote it wrongly: then it says nothing.
            return List.of();
        }
    }
}
