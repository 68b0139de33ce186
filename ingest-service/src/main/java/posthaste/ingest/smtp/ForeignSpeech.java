package posthaste.ingest.smtp;

import java.util.Set;

/**
 * What a browser or a proxy says that was led here, or a client that has lost its step and sends
 * the header of a message: what follows is not meant as commands, though it may hold lines that
 * look like some.
 */
final class ForeignSpeech {
    private static final Set<String> HTTP =
            Set.of(
                    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
                    "PRI");

    private ForeignSpeech() {}

    /**
     * Whether a line that begins so is none of SMTP.
     *
     * @param word up to the first space, in upper case
     */
    static boolean isSpokenBy(String word) {
        return HTTP.contains(word)
                || word.indexOf(':') >= 0
                || (!word.isEmpty() && (word.charAt(0) < 'A' || word.charAt(0) > 'Z'));
    }
}
