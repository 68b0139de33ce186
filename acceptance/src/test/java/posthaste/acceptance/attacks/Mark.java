package posthaste.acceptance.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.Transaction;

/**
 * A domain of one attack's own, by which its mails are known at the next hop.
 *
 * <p>That something does <em>not</em> arrive is seen by an honest mail to the same domain, which
 * takes the same way after it; once more when all tests of a class are done and the queue is empty.
 */
final class Mark {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String PROBE = "probe@";

    private final AttackedRelay relay;
    private final String domain;
    private volatile long expected;

    Mark(AttackedRelay relay, String domain) {
        this.relay = relay;
        this.domain = domain;
    }

    String domain() {
        return domain;
    }

    /** Who a mail of the attack is for. */
    String recipient() {
        return "rcpt@" + domain;
    }

    /** {@code MAIL FROM} with a sender of the attack's own. */
    String mail() {
        return "MAIL FROM:<sender@" + domain + ">";
    }

    String rcpt() {
        return "RCPT TO:<" + recipient() + ">";
    }

    /** A second mail, as it is hidden in the first one. */
    String smuggled() {
        return "MAIL FROM:<evil@%1$s>\r\nRCPT TO:<victim@%1$s>\r\nDATA\r\n\r\nevil\r\n.\r\n"
                .formatted(domain);
    }

    /** What has arrived of the attack so far, without probes. */
    List<Transaction> arrived() {
        return relay.sink().transactions().stream()
                .filter(mail ->
                        mail.recipients().stream().anyMatch(this::isOurs)
                                && !mail.recipients().contains(PROBE + domain))
                .toList();
    }

    /** No mail of the attack is relayed, neither the one that was refused nor one within it. */
    void nothingArrives() {
        expected = 0;
        probe();
        assertThat(arrived()).isEmpty();
    }

    /** One mail is relayed, with exactly this message, one character an octet, below our header. */
    Transaction arrives(String message) {
        Transaction only = arrives(1).getFirst();
        assertThat(MessageAsSent.below(only)).isEqualTo(message);
        return only;
    }

    /** So many mails are relayed; whether there are more is seen at the end of the class alone. */
    List<Transaction> awaits(int mails) {
        expected = mails;
        await().atMost(SOON).until(() -> arrived().size() >= mails);
        return arrived();
    }

    /** So many mails are relayed, and no more. */
    List<Transaction> arrives(int mails) {
        awaits(mails);
        probe();
        assertThat(arrived()).hasSize(mails);
        return arrived();
    }

    /** A mail whose client did not wait for the reply is relayed once or not at all. */
    void arrivesAtMostOnce() {
        probe();
        expected = arrived().size();
        assertThat(expected).isLessThanOrEqualTo(1);
    }

    /** As it was when it was looked at, now that nothing is under way any more. */
    void stillHolds() {
        assertThat(arrived()).as(domain).hasSize(Math.toIntExact(expected));
        assertThat(arrived())
                .allSatisfy(mail -> {
                    assertThat(mail.messageText().replace("\r\n", ""))
                            .doesNotContainPattern("[\r\n]");
                    assertThat(mail.accepted()).isTrue();
                });
        assertThat(relay.sink().commands())
                .extracting(ScriptedSmtpPeer.Command::line)
                .allSatisfy(line -> assertThat(line).doesNotContainPattern("[\r\n]"));
    }

    private boolean isOurs(String recipient) {
        return recipient.endsWith("@" + domain);
    }

    private void probe() {
        long before = probes();
        relay.accept(
                "honest@" + domain, PROBE + domain, "Subject: probe\r\n\r\n".getBytes(ISO_8859_1));
        await().atMost(SOON).until(() -> probes() > before);
    }

    private long probes() {
        return relay.sink().accepted().stream()
                .filter(mail -> mail.recipients().contains(PROBE + domain))
                .count();
    }
}
