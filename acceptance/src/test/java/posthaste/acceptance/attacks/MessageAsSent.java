package posthaste.acceptance.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import posthaste.testing.Transaction;

/** What a client submitted, seen at the next hop. */
final class MessageAsSent {
    /** A field that we add on top, with its folded lines. */
    private static final Pattern OUR_FIELD =
            Pattern.compile(
                    "(?:Received: from |Date: |Message-ID: )[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*");

    private MessageAsSent() {}

    /** The message below the header fields that we add, one character an octet. */
    static String below(Transaction mail) {
        String message = mail.messageText();
        Matcher ours = OUR_FIELD.matcher(message);
        int begin = 0;
        boolean received = false;
        while (!received && ours.region(begin, message.length()).lookingAt()) {
            received = ours.group().startsWith("Received");
            begin = ours.end();
        }
        assertThat(received).as("our Received field on top of %s", message).isTrue();
        return message.substring(begin);
    }
}
