package posthaste.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.record.Job;
import posthaste.outbound.routing.Network;
import posthaste.outbound.routing.NextHop;
import posthaste.outbound.routing.RoutingSettings;
import posthaste.outbound.tls.TlsPolicy;
import posthaste.testing.ScriptedDns;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SelfSignedCertificate;

/** Never in clear, to nobody else, and to those alone who promise the same: RFC 8689. */
class RequireTlsIT extends EngineFixture {
    private static final SelfSignedCertificate TRUSTED = SelfSignedCertificate.forHost("localhost");
    private static final Handling REQUIRE_TLS =
            new Handling(new FirstStop.Attempt(), true, Optional.empty());

    private ScriptedSmtpPeer peer;
    private SmtpDeliveryEngine engine;

    @BeforeEach
    void start() {
        peer = peer();
        engine = toLocalhost(TlsPolicy.OPPORTUNISTIC);
    }

    @Test
    void aHostThatCanBeTrustedAndPromisesItGetsTheMailAndTheDemand() throws Exception {
        peer.offeringStartTls(TRUSTED).offering("PIPELINING", "REQUIRETLS");

        assertThat(only(engine.attempt(demanding("a@x.org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(only(engine.attempt(demanding("b@x.org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);

        assertThat(peer.transactions())
                .hasSize(2)
                .allMatch(mail -> mail.tls() && mail.mailParameters().contains("REQUIRETLS"));
        assertThat(peer.connections()).as("a connection that was verified serves again").isOne();
    }

    @Test
    void withoutThePromiseTheMailGoesBack() throws Exception {
        peer.offeringStartTls(TRUSTED).offering("PIPELINING");

        assertThat(failed(only(engine.attempt(demanding("a@x.org"), BUDGET))).status())
                .hasToString("5.7.30");
        assertThat(peer.linesOf(1)).noneMatch(line -> line.startsWith("MAIL"));
    }

    @Test
    void withoutTlsThatCanBeVerifiedTheMailGoesBackUnseen() throws Exception {
        peer.offering("REQUIRETLS");
        assertThat(failedStatus()).as("no STARTTLS").isEqualTo("5.7.10");

        peer.offeringStartTls(SelfSignedCertificate.forHost("localhost"));
        assertThat(failedStatus()).as("an issuer that nobody knows").isEqualTo("5.7.10");

        engine =
                engine(
                        RoutingSettings.relayingTo(new NextHop("127.0.0.1", peer.port())),
                        outbound(TlsPolicy.OPPORTUNISTIC));
        peer.offeringStartTls(TRUSTED);
        assertThat(failedStatus()).as("another's name").isEqualTo("5.7.10");

        assertThat(peer.transactions()).isEmpty();
        assertThat(peer.commands()).noneMatch(command -> command.line().startsWith("MAIL"));
    }

    @Test
    void tlsThatIsNotThereJustNowIsADeferral() throws Exception {
        peer.offeringStartTls(TRUSTED).offering("REQUIRETLS");
        peer.onStartTls().reply("454 4.7.0 not just now");

        assertThat(deferred(only(engine.attempt(demanding("a@x.org"), BUDGET))).status())
                .hasToString("4.7.0");
        assertThat(peer.transactions()).isEmpty();
    }

    @Test
    void mailThatDemandsNothingDoesNotSufferFromMailThatDoes() throws Exception {
        peer.offering("PIPELINING");
        for (int i = 0; i < 5; i++) {
            engine.attempt(demanding("a@x.org"), BUDGET);
        }

        assertThat(only(engine.attempt(job(MESSAGE, "a@x.org"), BUDGET)))
                .as("the destination is not down")
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(failedStatus()).as("a connection in clear is not used").isEqualTo("5.7.10");
    }

    @Test
    void aNotificationIsRatherSentWithoutThanLost() throws Exception {
        peer.offering("PIPELINING");
        assertThat(only(engine.attempt(notification(), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(peer.onlyTransaction().mail()).doesNotContain("REQUIRETLS");

        ScriptedSmtpPeer able = peer().offeringStartTls(TRUSTED).offering("REQUIRETLS");
        peer = able;
        engine = toLocalhost(TlsPolicy.OPPORTUNISTIC);
        engine.attempt(notification(), BUDGET);
        assertThat(able.onlyTransaction().mailParameters()).contains("REQUIRETLS");
        assertThat(able.onlyTransaction().tls()).isTrue();
    }

    @Test
    void hostsThatDnsNamesHaveToBeProved() throws Exception {
        ScriptedDns dns = opened(ScriptedDns.start());
        peer.offeringStartTls(TRUSTED).offering("REQUIRETLS");
        for (String domain : List.of("proved.org", "plain.org")) {
            dns.mx(domain, 10, "localhost").a("localhost", "127.0.0.1");
        }
        dns.proved("proved.org");

        assertThat(
                        failed(only(byMx(dns, false).attempt(demanding("a@proved.org"), BUDGET)))
                                .status())
                .as("a resolver that is not trusted proves nothing")
                .hasToString("5.7.10");
        assertThat(failed(only(byMx(dns, true).attempt(demanding("a@plain.org"), BUDGET))).status())
                .hasToString("5.7.10");
        assertThat(peer.connections()).isZero();
        assertThat(only(byMx(dns, true).attempt(demanding("a@proved.org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void aHostThatLacksItLeavesTheMailToTheNextOne() throws Exception {
        ScriptedDns dns = opened(ScriptedDns.start());
        peer.offering("PIPELINING");
        SelfSignedCertificate second = SelfSignedCertificate.forHost("mx2.x.org");
        ScriptedSmtpPeer able =
                opened(ScriptedSmtpPeer.startOn("127.0.0.2", peer.port()))
                        .offeringStartTls(second)
                        .offering("REQUIRETLS");
        dns.mx("x.org", 1, "mx1.x.org").a("mx1.x.org", "127.0.0.1");
        dns.mx("x.org", 2, "mx2.x.org").a("mx2.x.org", "127.0.0.2").proved("x.org");
        SmtpDeliveryEngine trusting =
                engine(
                        settings(dns, true),
                        new OutboundSettings(
                                "relay.test",
                                List.of(),
                                TlsPolicy.NONE,
                                limits(5, 20, 100),
                                List.of(second.certificate())));

        assertThat(only(trusting.attempt(demanding("a@x.org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(able.accepted()).hasSize(1);
        assertThat(peer.transactions()).isEmpty();
    }

    @Test
    void whereARouteRequiresTlsMailWaitsForIt() throws Exception {
        peer.offering("PIPELINING");
        SmtpDeliveryEngine strict = toLocalhost(TlsPolicy.VERIFIED);

        assertThat(deferred(only(strict.attempt(job(MESSAGE, "a@x.org"), BUDGET))).status())
                .hasToString("4.7.10");
        peer.offeringStartTls(SelfSignedCertificate.forHost("localhost"));
        assertThat(deferred(only(strict.attempt(job(MESSAGE, "a@x.org"), BUDGET))).status())
                .hasToString("4.7.5");
        peer.offeringStartTls(TRUSTED);
        assertThat(only(strict.attempt(job(MESSAGE, "a@x.org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(peer.onlyTransaction().tls()).isTrue();
    }

    /** Attack 89: where TLS is required, nothing goes in clear because it takes too long. */
    @Test
    void aHandshakeThatStallsOrFailsIsADeferralWhereARouteRequiresTls() throws Exception {
        AttemptBudget budget =
                new AttemptBudget(SHORT.beforeDot().multipliedBy(2), SHORT.step(), BUDGET.step());
        for (ScriptedSmtpPeer broken :
                List.of(peer().failingHandshake(), peer().stallingHandshake())) {
            peer = broken;
            SmtpDeliveryEngine strict = toLocalhost(TlsPolicy.VERIFIED);

            assertThat(
                            deferred(only(strict.attempt(job(MESSAGE, "a@x.org"), budget)))
                                    .status()
                                    .toString())
                    .startsWith("4.");
            assertThat(broken.transactions()).isEmpty();
            assertThat(broken.commands()).noneMatch(command -> command.line().startsWith("MAIL"));
        }
    }

    @Test
    void oneDomainsTlsIsNoOthers() throws Exception {
        peer.offering("PIPELINING");
        SmtpDeliveryEngine mixed =
                engine(
                        new RoutingSettings(
                                Optional.of(new NextHop("localhost", peer.port())),
                                Map.of(),
                                List.of(),
                                BUDGET.step(),
                                25,
                                List.of(),
                                Set.of(),
                                Set.of(),
                                5,
                                false,
                                Map.of("*.strict.org", TlsPolicy.VERIFIED)),
                        outbound(TlsPolicy.OPPORTUNISTIC));

        assertThat(only(mixed.attempt(job(MESSAGE, "a@x.org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(
                        deferred(only(mixed.attempt(job(MESSAGE, "a@mail.strict.org"), BUDGET)))
                                .status())
                .as("though there is a connection in clear to the same host")
                .hasToString("4.7.10");
        assertThat(peer.transactions()).hasSize(1);
    }

    private String failedStatus() throws Exception {
        return failed(only(engine.attempt(demanding("a@x.org"), BUDGET))).status().toString();
    }

    private Job demanding(String recipient) {
        return job(envelope(recipient).handled(REQUIRE_TLS), MESSAGE);
    }

    private Job notification() {
        Envelope envelope =
                envelope(
                        "",
                        List.of(new Recipient(EmailAddress.of("a@x.org"))),
                        BodyType.SEVEN_BIT,
                        false);
        return job(envelope.handled(REQUIRE_TLS), MESSAGE);
    }

    private SmtpDeliveryEngine toLocalhost(TlsPolicy policy) {
        return engine(
                RoutingSettings.relayingTo(new NextHop("localhost", peer.port())),
                outbound(policy));
    }

    private SmtpDeliveryEngine byMx(ScriptedDns dns, boolean dnssec) {
        return engine(settings(dns, dnssec), outbound(TlsPolicy.OPPORTUNISTIC));
    }

    private RoutingSettings settings(ScriptedDns dns, boolean dnssec) {
        return new RoutingSettings(
                Optional.empty(),
                Map.of(),
                List.of(dns.address()),
                BUDGET.step(),
                peer.port(),
                List.of(Network.parse("127.0.0.0/8")),
                Set.of("relay.test"),
                Set.of(),
                5,
                dnssec,
                Map.of());
    }

    private static OutboundSettings outbound(TlsPolicy policy) {
        return new OutboundSettings(
                "relay.test",
                List.of(),
                policy,
                limits(5, 20, 100),
                List.of(TRUSTED.certificate()));
    }
}
