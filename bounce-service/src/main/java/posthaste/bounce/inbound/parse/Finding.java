package posthaste.bounce.inbound.parse;

/**
 * What a mail tells of one recipient, before any rule has judged it. What was not told is empty
 * (0).
 *
 * @param recipient as it was written
 * @param reply where it can be told apart: what the server or program said, without its codes
 * @param command the SMTP command that was refused
 * @param context all that the mail says of the recipient in words
 */
public record Finding(
        ReportKind kind,
        String recipient,
        int code,
        String status,
        String reply,
        String command,
        String context) {}
