package posthaste.bounce.operator;

import java.time.Instant;
import java.util.Optional;

/**
 * What somebody did.
 *
 * @param operator who
 * @param role as whom
 * @param address from where
 * @param action what, as {@code quarantine.release}
 * @param target to what: a mail's id, an address, a filter
 * @param detail their reason, and what else they said
 * @param result what came of it: {@code done}, {@code failed} when nothing was, {@code not known}
 *     when nobody said; empty while it is under way, and when the process died over it
 */
public record OperatorAction(
        long id,
        Instant at,
        String operator,
        String role,
        String address,
        String action,
        String target,
        String detail,
        Optional<String> result) {}
