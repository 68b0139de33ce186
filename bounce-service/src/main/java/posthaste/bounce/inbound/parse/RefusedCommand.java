package posthaste.bounce.inbound.parse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which SMTP command a text says was refused: what a refusal means hangs on it. */
final class RefusedCommand {
    private static final Pattern TOLD =
            Pattern.compile(
                    "in reply to (?:the )?(end of data|data|rcpt to|mail from|helo|ehlo|lhlo|initial)"
                            + "|(?:after|following|during|our|the) (rcpt to|rcpt|mail from|end of data|final data|data|initial connection|connection|helo|ehlo|pipelined data)\\b"
                            + "|\\[(rcpt_to|mail_from|data|connect)]"
                            + "|smtp:(rcpt|mail|data)"
                            + "|does not like (recipient|sender)"
                            + "|(sender was rejected)"
                            + "|(rejected recipient)"
                            + "|(failed after i sent the message)"
                            + "|(my name was rejected)");

    /** A transcript: the command is the last one before what was answered. */
    private static final Pattern SENT =
            Pattern.compile("(?:>>>|sent <<<|in:) *(rcpt|mail|data|bdat|helo|ehlo)");

    private static final Pattern REFUSED = Pattern.compile("(?:<<<|received >>>|out:) *[45]\\d\\d");

    private static final Pattern SPACES = Pattern.compile("\\s+");

    private RefusedCommand() {}

    /** The command's verb, {@code CONN} for the connection itself, or an empty text. */
    static String in(String text) {
        String lower = Ascii.lower(text);
        Matcher refused = REFUSED.matcher(lower);
        int end = refused.find() ? refused.start() : lower.length();
        String sent = "";
        Matcher sending = SENT.matcher(lower).region(0, end);
        while (sending.find()) {
            sent = sending.group(1);
        }
        if (!sent.isEmpty()) {
            return verb(sent);
        }
        Matcher told = TOLD.matcher(SPACES.matcher(lower).replaceAll(" "));
        if (told.find()) {
            for (int i = 1; i <= told.groupCount(); i++) {
                if (told.group(i) != null) {
                    return verb(told.group(i));
                }
            }
        }
        return lower.contains("rcpt to:") ? "RCPT" : "";
    }

    private static String verb(String told) {
        if (told.contains("rcpt") || told.contains("recipient")) {
            return "RCPT";
        }
        if (told.contains("mail") || told.contains("sender")) {
            return "MAIL";
        }
        if (told.contains("data") || told.contains("bdat") || told.contains("message")) {
            return "DATA";
        }
        if (told.contains("conn") || told.contains("initial")) {
            return "CONN";
        }
        return "HELO";
    }
}
