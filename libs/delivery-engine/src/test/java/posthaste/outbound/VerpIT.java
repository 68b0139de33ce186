package posthaste.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Notify;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Stream;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.record.Job;
import posthaste.mail.verp.ReturnAddress;
import posthaste.mail.verp.VerpCodec;
import posthaste.mail.verp.VerpKey;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.Transaction;

class VerpIT extends EngineFixture {
    private static final Stream STREAM = new Stream("transactional");
    private final VerpCodec codec =
            new VerpCodec(
                    "bounces.example.org", List.of(new VerpKey("a secret of sixteen octets")));
    private final OutboundSettings verp =
            outbound().with(new VerpReturnPaths(codec, Set.of(STREAM)));

    @Test
    void eachRecipientGetsATransactionAndAReturnAddressOfHisOwn() throws Exception {
        ScriptedSmtpPeer peer = peer();
        Envelope envelope = envelope("a@x.org", "b@x.org", "c@x.org");

        assertThat(outcomes(relayingTo(peer, verp).attempt(job(envelope, MESSAGE), BUDGET)))
                .hasSize(3)
                .allMatch(Outcome.Delivered.class::isInstance);

        assertThat(peer.connections()).isOne();
        assertThat(peer.transactions()).hasSize(3);
        for (Transaction transaction : peer.transactions()) {
            assertThat(transaction.recipients()).hasSize(1);
            assertThat(transaction.message()).isEqualTo(MESSAGE);
            ReturnAddress address = returnAddress(transaction);
            assertThat(address.mail()).isEqualTo(envelope.id());
            assertThat(codec.isFor(address, transaction.recipients().getFirst())).isTrue();
        }
    }

    @Test
    void oneRecipientsRefusalIsHisAlone() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onRcpt("b@x.org").reply("550 5.1.1 no such user");
        peer.onRcpt("c@x.org").reply("451 4.2.0 come again");

        List<Outcome> outcomes =
                outcomes(
                        relayingTo(peer, verp)
                                .attempt(job(MESSAGE, "a@x.org", "b@x.org", "c@x.org"), BUDGET));

        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Delivered.class);
        assertThat(failed(outcomes.get(1)).status()).hasToString("5.1.1");
        assertThat(deferred(outcomes.get(2)).status()).hasToString("4.2.0");
    }

    @Test
    void aHostThatTakesOneMailASessionGetsOneSessionForEach() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onMail().whenNumber(2).times(1).replyThenClose("421 4.7.0 one mail a session");

        assertThat(
                        outcomes(
                                relayingTo(peer, verp)
                                        .attempt(job(MESSAGE, "a@x.org", "b@x.org"), BUDGET)))
                .allMatch(Outcome.Delivered.class::isInstance);
        assertThat(peer.accepted()).hasSize(2);
        assertThat(peer.connections()).isEqualTo(2);
    }

    /** What was taken stays taken, and is not sent again. */
    @Test
    void aHostThatFailsMidwayKeepsWhatItTook() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onMail().whenNumber(2).reply("450 4.7.1 not now");

        List<Outcome> outcomes =
                outcomes(
                        relayingTo(peer, verp)
                                .attempt(job(MESSAGE, "a@x.org", "b@x.org", "c@x.org"), BUDGET));

        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Delivered.class);
        assertThat(deferred(outcomes.get(1)).reason()).doesNotContain("used up");
        assertThat(peer.accepted().stream().flatMap(t -> t.recipients().stream()))
                .contains("a@x.org")
                .doesNotContain("b@x.org")
                .doesNotHaveDuplicates();
    }

    /** In the same session, and in the one after the host has ended it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoHasTheMailKeepsItWhenWeBreakOff(boolean sessionForEach) throws Exception {
        ScriptedSmtpPeer peer = peer();
        if (sessionForEach) {
            peer.onMail().whenNumber(2).times(1).replyThenClose("421 4.7.0 one mail a session");
        }
        SmtpDeliveryEngine engine = relayingTo(peer, verp);
        AtomicInteger dots = new AtomicInteger();

        List<Outcome> outcomes =
                outcomes(
                        engine.attempt(
                                job(MESSAGE, "a@x.org", "b@x.org", "c@x.org"),
                                BUDGET,
                                () -> {
                                    if (dots.incrementAndGet() > 1) {
                                        throw new InterruptedException("it is another's by now");
                                    }
                                }));

        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Delivered.class);
        assertThat(outcomes.subList(1, 3))
                .allSatisfy(each -> assertThat(deferred(each).reason()).contains("broken off"));
        assertThat(peer.accepted()).hasSize(1);
        assertThat(engine.inFlight()).isZero();
    }

    @Test
    void whoHasTheMailKeepsItWhenTheBodyIsGoneForTheNext() throws Exception {
        ScriptedSmtpPeer peer = peer();
        Job job = job(MESSAGE, "a@x.org", "b@x.org");

        List<Outcome> outcomes =
                outcomes(
                        relayingTo(peer, verp).attempt(job, BUDGET, () -> bodies.lose(job.body())));

        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Delivered.class);
        assertThat(deferred(outcomes.get(1)).reason()).contains("broken off");
    }

    @Test
    void aConnectionCarriesNoMoreThanItMay() throws Exception {
        ScriptedSmtpPeer peer = peer();

        assertThat(
                        outcomes(
                                relayingTo(
                                                peer,
                                                outbound(limits(5, 20, 2))
                                                        .with(
                                                                new VerpReturnPaths(
                                                                        codec, Set.of(STREAM))))
                                        .attempt(
                                                job(MESSAGE, "a@x.org", "b@x.org", "c@x.org"),
                                                BUDGET)))
                .allMatch(Outcome.Delivered.class::isInstance);
        assertThat(peer.accepted()).hasSize(3);
        assertThat(peer.connections()).isEqualTo(2);
    }

    @Test
    void whatTheSenderAskedForIsPassedOn() throws Exception {
        ScriptedSmtpPeer peer = peer().offering("8BITMIME", "DSN", "SMTPUTF8", "SIZE 1000000");
        Envelope envelope =
                envelope(
                        "jürgen@example.org",
                        List.of(
                                new Recipient(
                                        EmailAddress.of("a@x.org"),
                                        Notify.parse("FAILURE,DELAY"),
                                        Optional.of("rfc822;old@x.org"))),
                        BodyType.EIGHT_BIT_MIME,
                        true);

        relayingTo(peer, verp).attempt(job(envelope, MESSAGE), BUDGET);

        Transaction transaction = peer.onlyTransaction();
        assertThat(returnAddress(transaction).mail()).isEqualTo(envelope.id());
        assertThat(transaction.mailParameters()).contains("BODY=8BITMIME", "SMTPUTF8");
        assertThat(transaction.parametersOf("a@x.org"))
                .contains("NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;old@x.org");
    }

    @Test
    void nullReversePathsAndOtherStreamsStayAsTheyAre() throws Exception {
        ScriptedSmtpPeer peer = peer();
        SmtpDeliveryEngine engine = relayingTo(peer, verp);
        Envelope ordinary = envelope("a@x.org", "b@x.org");

        engine.attempt(job(ordinary.returningTo(ReversePath.NULL), MESSAGE), BUDGET);
        engine.attempt(job(ordinary.in(new Stream("bulk")), MESSAGE), BUDGET);

        assertThat(peer.transactions())
                .extracting(Transaction::reversePath)
                .containsExactly("", "sender@example.org");
    }

    private ReturnAddress returnAddress(Transaction transaction) {
        return codec.read(EmailAddress.of(transaction.reversePath())).orElseThrow();
    }
}
