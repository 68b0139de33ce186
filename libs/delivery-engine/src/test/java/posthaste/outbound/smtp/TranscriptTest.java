package posthaste.outbound.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import posthaste.mail.outcome.Conversation;

class TranscriptTest {
    private final Transcript transcript = new Transcript();

    @Test
    void whoLogsInTellsNoSecret() {
        transcript.sent("EHLO relay.test");
        transcript.received("250-smart.example\n250 AUTH LOGIN PLAIN");
        transcript.sent("AUTH LOGIN");
        transcript.received("334 VXNlcm5hbWU6");
        transcript.sent(base64("user"));
        transcript.received("334 UGFzc3dvcmQ6");
        transcript.sent(base64("secret"));
        transcript.received("535 5.7.8 no");
        transcript.sent("auth plain " + base64("\0user\0secret"));
        transcript.received("235 2.7.0 welcome");
        transcript.sent("MAIL FROM:<a@x.org>");

        String told = transcript.conversation().toString();
        assertThat(told)
                .contains("AUTH (not shown)", "535 5.7.8 no", "MAIL FROM:<a@x.org>")
                .contains("250-smart.example", "250 AUTH LOGIN PLAIN")
                .doesNotContain(base64("user"), base64("secret"), base64("\0user\0secret"));
    }

    @Test
    void howeverMuchIsSaidTheBeginningAndTheEndAreKept() {
        for (int i = 0; i < 10_000; i++) {
            transcript.sent("NOOP " + i);
            transcript.received((i % 2 == 0 ? "250 " : "251 ") + i);
        }
        Conversation told = transcript.conversation();
        assertThat(told.lines()).hasSizeLessThanOrEqualTo(Conversation.MOST_LINES);
        assertThat(told.lines().getFirst().text()).isEqualTo("NOOP 0");
        assertThat(told.lines().getLast().text()).isEqualTo("251 9999");
        assertThat(told.toString()).contains("lines are left out");
    }

    /** The octets of a command stand for themselves; told, they are UTF-8 again. */
    @Test
    void addressesOfAnyScriptAreReadable() {
        transcript.sent("RCPT TO:<b\u00c3\u00b6b@x.org>");
        assertThat(transcript.conversation().lines().getFirst().text())
                .isEqualTo("RCPT TO:<b\u00f6b@x.org>");
    }

    /** Every good mail takes down a dozen texts, and none of them is looked at. */
    @Test
    void aMailThatIsDeliveredCostsSomeHundredOctets() {
        assertThat(ManagementFactory.getThreadMXBean()).isInstanceOf(ThreadMXBean.class);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int mails = 2_000;
        goodMails(mails);
        long before = threads.getCurrentThreadAllocatedBytes();
        goodMails(mails);
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / mails;
        assertThat(each).isBetween(1L, 600L);
    }

    private static void goodMails(int count) {
        for (int i = 0; i < count; i++) {
            Transcript one = new Transcript();
            for (int line = 0; line < 6; line++) {
                one.sent("MAIL FROM:<a@x.org>");
                one.received("250 2.0.0 fine");
            }
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
