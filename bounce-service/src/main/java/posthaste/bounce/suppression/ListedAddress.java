package posthaste.bounce.suppression;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is shown.
 *
 * @param suppressionClass in words; {@code removed} when it was taken out
 * @param inForce whether mail is refused; else it is only counted so far
 * @param reason of its listing, or of its removal
 * @param source who says so
 * @param expires null: never
 */
public record ListedAddress(
        String address,
        String stream,
        String suppressionClass,
        boolean inForce,
        int count,
        String reason,
        String source,
        Instant since,
        Instant last,
        @Nullable Instant expires) {}
