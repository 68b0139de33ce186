package posthaste.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.outbound.tls.TlsPolicy;
import posthaste.testing.ScriptedSmtpPeer;

/** STARTTLS when offered, in clear when it does not work: case 89 of the attack list. */
class OpportunisticTlsIT extends EngineFixture {

    @Test
    void anyCertificateWillDoAndTheReportTellsTheCipher() throws Exception {
        ScriptedSmtpPeer peer = peer().offeringStartTls();
        SmtpDeliveryEngine engine = relayingTo(peer);

        AttemptReport report = engine.attempt(job(MESSAGE, "a@x.org"), BUDGET);
        engine.attempt(job(MESSAGE, "b@x.org"), BUDGET);

        assertThat(only(report)).isInstanceOf(Outcome.Delivered.class);
        assertThat(report.details().tls()).matches("TLSv1\\.[23] TLS_[A-Z0-9_]+");
        assertThat(peer.transactions()).hasSize(2).allMatch(mail -> mail.tls());
        assertThat(peer.connections()).isEqualTo(1);
        assertThat(peer.transactions().getFirst().message()).isEqualTo(MESSAGE);
    }

    @Test
    void withoutTlsByConfigurationTheOfferIsIgnored() throws Exception {
        ScriptedSmtpPeer peer = peer().offeringStartTls();
        OutboundSettings none =
                new OutboundSettings("relay.test", List.of(), TlsPolicy.NONE, limits(5, 20, 100));

        relayingTo(peer, none).attempt(job(MESSAGE, "a@x.org"), BUDGET);

        assertThat(peer.onlyTransaction().tls()).isFalse();
    }

    @Test
    void aRefusedStartTlsGoesOnInClearOnTheSameConnection() throws Exception {
        ScriptedSmtpPeer peer = peer().offeringStartTls();
        peer.onStartTls().reply("454 4.7.0 not just now");

        assertThat(only(relayingTo(peer).attempt(job(MESSAGE, "a@x.org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(peer.onlyTransaction().tls()).isFalse();
        assertThat(peer.connections()).isEqualTo(1);
    }

    @Test
    void aFailedOrStalledHandshakeGoesOnInClearOnAFreshConnection() throws Exception {
        for (ScriptedSmtpPeer peer :
                List.of(peer().failingHandshake(), peer().stallingHandshake())) {
            AttemptBudget budget =
                    new AttemptBudget(
                            SHORT.beforeDot().multipliedBy(2), SHORT.step(), BUDGET.step());

            AttemptReport report = relayingTo(peer).attempt(job(MESSAGE, "a@x.org"), budget);

            assertThat(only(report)).isInstanceOf(Outcome.Delivered.class);
            assertThat(report.details().tls()).isEmpty();
            assertThat(peer.onlyTransaction().connection()).isEqualTo(2);
            assertThat(peer.onlyTransaction().tls()).isFalse();
        }
    }

    @Test
    void textInjectedBehindTheReplyToStartTlsIsIgnored() throws Exception {
        ScriptedSmtpPeer peer = peer().offeringStartTls();
        peer.onStartTls()
                .replyBytes(
                        "220 2.0.0 go on\r\n250-peer.test\r\n250 SIZE 1\r\n"
                                .getBytes(StandardCharsets.US_ASCII));

        assertThat(only(relayingTo(peer).attempt(job(MESSAGE, "a@x.org"), BUDGET)))
                .as("with the injected SIZE 1 the message would have been too large")
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(peer.accepted()).hasSize(1);
    }
}
