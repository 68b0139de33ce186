package posthaste.bounce.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import posthaste.bounce.inbound.rules.RuleBook;

/** Mails that are made to cost time or memory: both are bounded, and nothing is thrown. */
@Timeout(120)
class HostileMailTest {
    private static final String DAEMON =
            "From: MAILER-DAEMON@mx.example\nSubject: Undeliverable\nReturn-Path: <>\n";
    private static final ReportReader READER = new ReportReader(RuleBook.shipped());

    /**
     * Octets that reading one mail may allocate, most of them garbage: 256 KiB a recipient told.
     */
    private static final long MOST_ALLOCATED = 256L << 20;

    /** Of one mail; the worst was measured at a tenth of it. */
    private static final Duration MOST_CPU = Duration.ofSeconds(8);

    static Stream<Named<String>> mails() {
        return Stream.of(
                Named.of("10,000 parts within each other", nested(10_000)),
                Named.of(
                        "10,000 mails within each other",
                        "Content-Type: message/rfc822\n\n".repeat(10_000)),
                Named.of("100,000 parts", manyParts()),
                Named.of("a line of 5 MB", DAEMON + "\n" + "550 a@b.example ".repeat(330_000)),
                Named.of(
                        "a line of 5 MB without a space",
                        DAEMON + "\n" + "a".repeat(5_000_000) + "@b.example"),
                Named.of("only @", DAEMON + "\n" + "@".repeat(3_000_000)),
                Named.of("only <", DAEMON + "Content-Type: text/html\n\n" + "<".repeat(2_000_000)),
                Named.of(
                        "only <!--",
                        DAEMON + "Content-Type: text/html\n\n" + "<!--".repeat(500_000)),
                Named.of("100,000 header fields", "X: y\n".repeat(100_000) + DAEMON + "\nno\n"),
                Named.of(
                        "a header field of 3 MB",
                        DAEMON + "To: " + "a@b.example,\n ".repeat(220_000) + "\n\n"),
                Named.of("100,000 recipients", DAEMON + "\n" + addresses()),
                Named.of(
                        "words that lead nowhere",
                        DAEMON + "\n" + "could not be deliver could not ".repeat(60_000)),
                Named.of("codes that lead nowhere", DAEMON + "\n" + "550 ".repeat(500_000)),
                Named.of("a report of 100,000 recipients", report()),
                Named.of(
                        "encoded words without end",
                        "Subject: " + "=?a?B?".repeat(300_000) + "\n" + DAEMON + "\n"),
                Named.of(
                        "JSON without end",
                        DAEMON + "\n{\"notificationType\":" + "[".repeat(1_000_000)),
                Named.of("quotations within each other", DAEMON + "\n" + "> ".repeat(1_000_000)),
                Named.of("a boundary within each other's name", prefixes(2_000)),
                Named.of("the same boundary at each depth", sameBoundary(10_000)),
                Named.of(
                        "a boundary of 100,000 characters",
                        DAEMON
                                + "Content-Type: multipart/report; boundary=\""
                                + "b".repeat(100_000)
                                + "\"\n\n"
                                + ("--" + "b".repeat(9_000) + "\n").repeat(200)),
                Named.of(
                        "empty boundaries",
                        DAEMON
                                + "Content-Type: multipart/mixed; boundary=\"\"\n\n"
                                + "--\n".repeat(500_000)),
                Named.of(
                        "a part of 5 MB on one line of Base64",
                        DAEMON
                                + "Content-Transfer-Encoding: base64\n\n"
                                + "QUFB".repeat(1_250_000)),
                Named.of(
                        "words that lead to a recipient",
                        DAEMON + "\n" + "recipient to: <".repeat(130_000)),
                Named.of(
                        "addresses on one line",
                        DAEMON + "\n" + "rcpt to:<a@b.example> ".repeat(90_000)),
                Named.of(
                        "one address on each line",
                        DAEMON + "\n" + "recipient a@b.example\n".repeat(90_000)),
                Named.of(
                        "replies on each line",
                        DAEMON + "\n<a@b.example>:\n" + "<<< 550-5.1.1 no\n".repeat(110_000)),
                Named.of(
                        "a report folded 60,000 times",
                        DAEMON
                                + "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.example\n"
                                + "Diagnostic-Code: smtp; 550\n"
                                + " x\n".repeat(60_000)),
                Named.of("comments that open", DAEMON + "Status: " + "(".repeat(1_000_000)),
                Named.of(
                        "tags of HTML that never close",
                        DAEMON + "Content-Type: text/html\n\n" + "<p &#x".repeat(300_000)),
                Named.of("nothing but NUL", "\0".repeat(5_000_000)),
                Named.of("nothing but CR", DAEMON + "\r".repeat(5_000_000)),
                Named.of(
                        "nothing but dashes",
                        DAEMON + "Content-Type: multipart/mixed\n\n" + "-".repeat(2_000_000)));
    }

    @ParameterizedTest
    @MethodSource("mails")
    void isReadWithinBounds(String mail) {
        byte[] bytes = mail.getBytes(StandardCharsets.ISO_8859_1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        READER.read(bytes);
        long begun = threads.getCurrentThreadCpuTime();
        long before = threads.getCurrentThreadAllocatedBytes();
        InboundReport report = READER.read(bytes);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        long spent = threads.getCurrentThreadCpuTime() - begun;

        assertThat(Duration.ofNanos(spent)).isLessThan(MOST_CPU);
        assertThat(report.recipients()).hasSizeLessThanOrEqualTo(1_000);
        assertThat(report.recipients()).allMatch(each -> each.reply().length() <= 1_100);
        assertThat(allocated).isLessThan(MOST_ALLOCATED);
    }

    @Test
    void anyBytesAreReadWithoutAnException() {
        Random random = new Random(20261122);
        String[] words = {
            "From: MAILER-DAEMON@x.example",
            "Content-Type: multipart/report; boundary=",
            "--b",
            "Content-Type: message/delivery-status",
            "Final-Recipient: rfc822;",
            "Action: failed",
            "Status:",
            "550 5.1.1",
            "<a@b.example>",
            "\\x{110000}",
            "=?utf-8?B?",
            "\r",
            "\n",
            "\r\n",
            ":",
            "Content-Transfer-Encoding: base64",
            "{\"notificationType\":\"Bounce\"}",
            "@",
            "\0"
        };
        for (int i = 0; i < 1_000; i++) {
            StringBuilder mail = new StringBuilder();
            int length = random.nextInt(60);
            for (int j = 0; j < length; j++) {
                mail.append(words[random.nextInt(words.length)]);
                mail.append(random.nextBoolean() ? "\n" : " ");
                if (random.nextInt(8) == 0) {
                    mail.append((char) random.nextInt(256));
                }
            }
            assertThat(READER.read(mail.toString().getBytes(StandardCharsets.ISO_8859_1)))
                    .isNotNull();
        }
    }

    private static String nested(int depth) {
        StringBuilder mail = new StringBuilder(DAEMON);
        for (int i = 0; i < depth; i++) {
            mail.append("Content-Type: multipart/mixed; boundary=b").append(i);
            mail.append("\n\n--b").append(i).append('\n');
        }
        return mail.append("\nThe end\n").toString();
    }

    private static String prefixes(int depth) {
        StringBuilder mail = new StringBuilder(DAEMON);
        for (int i = 1; i <= depth; i++) {
            mail.append("Content-Type: multipart/mixed; boundary=").append("b".repeat(i));
            mail.append("\n\n--").append("b".repeat(i)).append('\n');
        }
        return mail.toString();
    }

    private static String sameBoundary(int depth) {
        return DAEMON + "Content-Type: multipart/mixed; boundary=b\n\n--b\n".repeat(depth);
    }

    private static String manyParts() {
        return DAEMON
                + "Content-Type: multipart/report; boundary=b\n\n"
                + "--b\nContent-Type: message/delivery-status\n\n".repeat(40_000);
    }

    private static String addresses() {
        StringBuilder mail = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            mail.append("<user").append(i).append("@example.org>: 550 no\n");
        }
        return mail.toString();
    }

    private static String report() {
        StringBuilder mail =
                new StringBuilder(DAEMON)
                        .append("Content-Type: multipart/report; boundary=b\n\n--b\n")
                        .append("Content-Type: message/delivery-status\n\n");
        for (int i = 0; i < 100_000; i++) {
            mail.append("Final-Recipient: rfc822; u").append(i).append("@example.org\n");
            mail.append("Action: failed\nStatus: 5.1.1\n\n");
        }
        return mail.toString();
    }
}
