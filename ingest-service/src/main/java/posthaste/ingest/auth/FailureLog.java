package posthaste.ingest.auth;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.ingest.auth.sasl.Mechanism;
import posthaste.ingest.auth.users.UsersAwayException;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.text.VisibleText;

/**
 * One line for each failure, for people and for programs as fail2ban (docs/operations.md). The form
 * of the line is a promise. What a client typed stands last, in quotes, cut, and with nothing in it
 * that could end the line or the quotes; no secret is ever part of it.
 */
final class FailureLog {
    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);
    private static final int LONGEST = 64;

    private FailureLog() {}

    static void failed(Submitter client, Mechanism mechanism, String typed, String reason) {
        LOG.warn(
                "login failed: address={} listener={} mechanism={} reason={} user=\"{}\"",
                client.client().address(),
                client.listener(),
                mechanism.wireName(),
                reason.toLowerCase(Locale.ROOT).replace('_', '-'),
                shown(typed));
    }

    static void unavailable(UsersAwayException cause) {
        LOG.error("logins cannot be checked: {}", cause.getMessage());
    }

    static String shown(String typed) {
        int end =
                typed.offsetByCodePoints(
                        0, Math.min(LONGEST, typed.codePointCount(0, typed.length())));
        String cut = typed.substring(0, end) + (end < typed.length() ? "..." : "");
        return VisibleText.of(cut).replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
