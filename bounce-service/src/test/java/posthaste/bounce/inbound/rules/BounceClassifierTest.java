package posthaste.bounce.inbound.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

class BounceClassifierTest {
    private static final BounceClassifier CLASSIFIER = RuleBook.shipped();
    private static final List<String> REPLIES =
            List.of(
                    "The email account that you tried to reach does not exist. Please try double-checking"
                            + " the recipient's email address for typos or unnecessary spaces. u1-20020a5d.14",
                    "<anna@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
                    "Message temporarily deferred due to unexpected volume or user complaints - 4.16.55.1",
                    "Requested action not taken: mailbox unavailable",
                    "Service unavailable; Client host [203.0.113.7] blocked using zen.spamhaus.org",
                    "mailbox for bruno@example.org is full",
                    "Something that nobody has ever said before in any reply of this world");

    @Test
    void aLiveRefusalIsClassifiedByWhatItsEventHolds() {
        Classification found =
                CLASSIFIER.classify(
                        EnhancedStatusCode.parse("5.2.2"),
                        new Reply(552, "5.2.2 The mailbox is over quota"));
        assertThat(found.bounceClass()).isEqualTo(BounceClass.MAILBOX_FULL);
        assertThat(found.hard()).isFalse();
    }

    /** 10,000 events a second are to cost a fifth of a core: 20 microseconds; measured 12. */
    @Test
    void takesMicroseconds() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        int calls = 5_000;
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            long before = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < calls; i++) {
                String text = REPLIES.get(i % REPLIES.size()) + ' ' + i;
                CLASSIFIER.classify(new Refusal(550, "5.7.1", text, ""));
            }
            best = Math.min(best, threads.getCurrentThreadCpuTime() - before);
        }
        assertThat(best / calls).as("nanoseconds of CPU a call").isLessThan(200_000);
    }

    /** The index only leaves out what can't match: with and without it the same rule decides. */
    @Test
    void theIndexChangesNoAnswer() throws InvalidRulesException {
        Random random = new Random(20261122);
        String[] words =
                "user unknown mailbox full is not quota exceeded spam 550 5.1.1 blocked using list the"
                        .split(" ", -1);
        List<Rule> rules =
                RuleFile.parse(
                        "test",
                        """
                        [[rule]]
                        class = "INVALID_RECIPIENT"
                        text = ["user {unknown,not}", "is * {a ,}unknown"]
                        [[rule]]
                        class = "MAILBOX_FULL"
                        text = ["{mailbox,quota} * {full,exceed~}"]
                        [[rule]]
                        class = "CONTENT"
                        pattern = ["(?i)SPAM.*(list|using)|^550 5\\\\.1\\\\.1 the", "us[ie]ng? list"]
                        [[rule]]
                        class = "RATE"
                        text = ["~sted", "is"]
                        """);
        BounceClassifier classifier = new BounceClassifier(rules, "");
        for (int i = 0; i < 20_000; i++) {
            List<String> text = new ArrayList<>();
            for (int j = random.nextInt(8); j >= 0; j--) {
                text.add(words[random.nextInt(words.length)]);
            }
            Refusal refusal = new Refusal(550, "5.1.1", String.join(" ", text), "");
            assertThat(classifier.classify(refusal).rule())
                    .as(refusal.text())
                    .isEqualTo(oneByOne(rules, refusal));
        }
    }

    private static String oneByOne(List<Rule> rules, Refusal refusal) {
        String lower = refusal.text().toLowerCase(Locale.ROOT);
        for (Rule rule : rules) {
            boolean phrase =
                    rule.phrases().isEmpty()
                            || rule.phrases().stream().anyMatch(each -> each.in(lower));
            boolean pattern =
                    rule.patterns().isEmpty()
                            || rule.patterns().stream()
                                    .anyMatch(each -> each.matcher(refusal.line()).find());
            if (phrase && pattern) {
                return rule.where();
            }
        }
        return "unknown";
    }
}
