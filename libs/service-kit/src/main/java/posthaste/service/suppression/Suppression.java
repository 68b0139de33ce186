package posthaste.service.suppression;

import java.time.Instant;
import java.util.Optional;

/**
 * An entry of the list.
 *
 * @param inForce whether the address gets no mail; else it is only counted so far
 * @param count how often it came to this, since {@code since}
 * @param reason a sentence for people: the remote reply, or what the operator wrote
 * @param source who says so: {@code delivery}, {@code inbound}, or an operator's name
 * @param since the first time that counts
 * @param last the newest time that counts
 * @param expires after which it counts no more; empty: never
 */
public record Suppression(
        SuppressionKey key,
        SuppressionClass suppressionClass,
        boolean inForce,
        int count,
        String reason,
        String source,
        Instant since,
        Instant last,
        Optional<Instant> expires) {
    /** Characters of a reason or a source that are kept. */
    public static final int TEXT_LIMIT = 500;

    public Suppression {
        reason = cut(reason);
        source = cut(source);
        count = Math.max(1, count);
    }

    public boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }

    /** One line of bounded length. */
    static String cut(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ").strip();
        if (line.length() <= TEXT_LIMIT) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(TEXT_LIMIT - 1)) ? 1 : 0;
        return line.substring(0, TEXT_LIMIT - end);
    }
}
