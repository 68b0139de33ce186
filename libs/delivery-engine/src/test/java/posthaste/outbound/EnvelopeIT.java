package posthaste.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Notify;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.outcome.Outcome;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.Transaction;

/** What of the envelope is passed on, by what the next hop offers: case 64 of the attack list. */
class EnvelopeIT extends EngineFixture {
    private static final byte[] EIGHT_BIT =
            "Subject: \u00fc\r\n\r\n\u00e9\r\n".getBytes(StandardCharsets.UTF_8);

    private static final byte[] IN_BODY_ALONE =
            "Subject: x\r\n\r\ngr\u00fc\u00dfe\r\n".getBytes(StandardCharsets.UTF_8);

    @Test
    void theNullReversePathStaysNull() throws Exception {
        ScriptedSmtpPeer peer = peer().offering();
        Envelope envelope = envelope("", recipients("a@x.org"), BodyType.SEVEN_BIT, false);
        relayingTo(peer).attempt(job(envelope, MESSAGE), BUDGET);
        assertThat(peer.onlyTransaction().mail()).isEqualTo("<>");
    }

    @Test
    void theWishesForNotificationsArePassedOnWhereDsnIsOffered() throws Exception {
        Envelope plain = envelope("a@x.org");
        Envelope envelope =
                new Envelope(
                        plain.id(),
                        plain.stream(),
                        ReversePath.parse("s@example.org"),
                        List.of(
                                new Recipient(
                                        EmailAddress.of("a@x.org"),
                                        Notify.parse("DELAY,FAILURE"),
                                        Optional.of("rfc822;o+r=ig@example.org")),
                                new Recipient(
                                        EmailAddress.of("b@x.org"),
                                        Notify.parse("NEVER"),
                                        Optional.empty())),
                        Ret.HDRS,
                        Optional.of("id 1+1=2"),
                        BodyType.SEVEN_BIT,
                        false,
                        Client.LOCAL,
                        Optional.empty());
        ScriptedSmtpPeer with = peer().offering("DSN");
        ScriptedSmtpPeer without = peer().offering("PIPELINING");

        Outcome passedOn =
                outcomes(relayingTo(with).attempt(job(envelope, MESSAGE), BUDGET)).getFirst();
        Outcome notPassedOn =
                outcomes(relayingTo(without).attempt(job(envelope, MESSAGE), BUDGET)).getFirst();

        Transaction mail = with.onlyTransaction();
        assertThat(mail.mailParameters()).containsExactly("RET=HDRS", "ENVID=id+201+2B1+3D2");
        assertThat(mail.parametersOf("a@x.org"))
                .containsExactly("NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;o+2Br+3Dig@example.org");
        assertThat(mail.parametersOf("b@x.org")).containsExactly("NOTIFY=NEVER");
        assertThat(((Outcome.Delivered) passedOn).dsnPassedOn()).isTrue();
        assertThat(without.onlyTransaction().mailParameters()).isEmpty();
        assertThat(((Outcome.Delivered) notPassedOn).dsnPassedOn()).isFalse();
    }

    @Test
    void eightBitMailIsAnnouncedWhereItCanBeAndSentUnchangedAnyway() throws Exception {
        Envelope envelope =
                envelope("s@example.org", recipients("a@x.org"), BodyType.EIGHT_BIT_MIME, false);
        ScriptedSmtpPeer with = peer().offering("8BITMIME");
        ScriptedSmtpPeer without = peer().offering();

        relayingTo(with).attempt(job(envelope, EIGHT_BIT), BUDGET);
        relayingTo(without).attempt(job(envelope, EIGHT_BIT), BUDGET);

        assertThat(with.onlyTransaction().mailParameters()).containsExactly("BODY=8BITMIME");
        assertThat(without.onlyTransaction().mailParameters()).isEmpty();
        assertThat(with.onlyTransaction().message()).isEqualTo(EIGHT_BIT);
        assertThat(without.onlyTransaction().message()).isEqualTo(EIGHT_BIT);
    }

    @Test
    void whatIsRelayedIsTheAddedFieldsAndThenTheBodyAndItsSizeIsThatOfBoth() throws Exception {
        String added = "DKIM-Signature: v=1;\r\n\tb=x\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n";
        ScriptedSmtpPeer peer = peer().offering("SIZE 100000", "8BITMIME");
        Envelope envelope =
                envelope("s@example.org", recipients("a@x.org"), BodyType.EIGHT_BIT_MIME, false)
                        .withMessage(Optional.empty(), added);

        relayingTo(peer).attempt(job(envelope, EIGHT_BIT), BUDGET);

        byte[] whole =
                (added + new String(EIGHT_BIT, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8);
        assertThat(peer.onlyTransaction().message()).isEqualTo(whole);
        assertThat(peer.onlyTransaction().mailParameters())
                .containsExactly("SIZE=" + whole.length, "BODY=8BITMIME");
    }

    @Test
    void theAddedFieldsCountAgainstTheSizeThatTheNextHopTakes() throws Exception {
        ScriptedSmtpPeer peer = peer().offering("SIZE " + (MESSAGE.length + 1));
        Envelope envelope =
                envelope("a@x.org").withMessage(Optional.empty(), "Message-ID: <a@b.example>\r\n");

        assertThat(failed(only(relayingTo(peer).attempt(job(envelope, MESSAGE), BUDGET))).status())
                .hasToString("5.3.4");
    }

    @Test
    void anAddressThatNeedsSmtpUtf8FailsWhereItIsNotOffered() throws Exception {
        ScriptedSmtpPeer peer = peer().offering("PIPELINING", "8BITMIME");
        Envelope envelope =
                envelope(
                        "s@example.org",
                        recipients("\u00fcser@x.org", "user@x.org"),
                        BodyType.EIGHT_BIT_MIME,
                        true);

        List<Outcome> outcomes =
                outcomes(relayingTo(peer).attempt(job(envelope, IN_BODY_ALONE), BUDGET));

        assertThat(failed(outcomes.get(0)).status()).hasToString("5.6.7");
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Delivered.class);
        assertThat(peer.onlyTransaction().mail()).doesNotContain("SMTPUTF8");
        assertThat(peer.onlyTransaction().recipients()).containsExactly("user@x.org");

        Envelope fromUtf8 =
                envelope("\u00e9@example.org", recipients("user@x.org"), BodyType.SEVEN_BIT, true);
        assertThat(failed(only(relayingTo(peer).attempt(job(fromUtf8, MESSAGE), BUDGET))).status())
                .hasToString("5.6.7");
    }

    @Test
    void whatIsAsciiAfterAllGoesWithoutSmtpUtf8AndTheDomainsInALabels() throws Exception {
        ScriptedSmtpPeer peer = peer().offering("PIPELINING", "8BITMIME", "DSN");
        Envelope envelope =
                envelope(
                        "s@b\u00fccher.example",
                        recipients("user@b\u00fccher.example", "\u00fcser@b\u00fccher.example"),
                        BodyType.EIGHT_BIT_MIME,
                        true);

        List<Outcome> outcomes =
                outcomes(relayingTo(peer).attempt(job(envelope, IN_BODY_ALONE), BUDGET));

        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Delivered.class);
        assertThat(failed(outcomes.get(1)).status()).hasToString("5.6.7");
        assertThat(peer.onlyTransaction().reversePath()).isEqualTo("s@xn--bcher-kva.example");
        assertThat(peer.onlyTransaction().recipients())
                .containsExactly("user@xn--bcher-kva.example");
        assertThat(peer.onlyTransaction().mail()).doesNotContain("SMTPUTF8");
        assertThat(peer.onlyTransaction().message()).isEqualTo(IN_BODY_ALONE);
    }

    @Test
    void aHeaderInUtf8IsNotGivenToWhoDoesNotTakeIt() throws Exception {
        ScriptedSmtpPeer peer = peer().offering("PIPELINING", "8BITMIME");
        byte[] message =
                "Subject: gr\u00fc\u00dfe\r\n\r\nhello\r\n".getBytes(StandardCharsets.UTF_8);
        Envelope envelope =
                envelope("s@x.org", recipients("a@x.org", "b@x.org"), BodyType.SEVEN_BIT, true);

        assertThat(outcomes(relayingTo(peer).attempt(job(envelope, message), BUDGET)))
                .allSatisfy(outcome -> assertThat(failed(outcome).status()).hasToString("5.6.7"));
        assertThat(peer.linesOf(1)).noneMatch(line -> line.startsWith("MAIL"));

        byte[] large =
                ("Subject: x\r\n\r\n" + "gr\u00fc\u00dfe\r\n".repeat(300_000))
                        .getBytes(StandardCharsets.UTF_8);
        Envelope same = envelope("s@x.org", recipients("a@x.org"), BodyType.SEVEN_BIT, true);
        assertThat(only(relayingTo(peer).attempt(job(same, large), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(peer.onlyTransaction().message()).isEqualTo(large);
    }

    @Test
    void whereItIsOfferedAnAddressInUtf8ArrivesAsItIs() throws Exception {
        ScriptedSmtpPeer peer = peer();
        Envelope envelope =
                envelope(
                        "\u00e9@ex\u00e4mple.org",
                        recipients("\u7528\u6237@x.org"),
                        BodyType.EIGHT_BIT_MIME,
                        true);

        assertThat(only(relayingTo(peer).attempt(job(envelope, EIGHT_BIT), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(peer.onlyTransaction().reversePath()).isEqualTo("\u00e9@ex\u00e4mple.org");
        assertThat(peer.onlyTransaction().mailParameters()).contains("SMTPUTF8", "BODY=8BITMIME");
        assertThat(peer.onlyTransaction().recipients()).containsExactly("\u7528\u6237@x.org");
    }

    private static List<Recipient> recipients(String... addresses) {
        return List.of(addresses).stream()
                .map(address -> new Recipient(EmailAddress.of(address)))
                .toList();
    }
}
