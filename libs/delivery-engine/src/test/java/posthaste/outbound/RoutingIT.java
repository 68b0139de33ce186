package posthaste.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.Outcome.Kind;
import posthaste.outbound.routing.NextHop;
import posthaste.outbound.routing.ResolverUnavailableException;
import posthaste.testing.ScriptedDns;
import posthaste.testing.ScriptedSmtpPeer;

/** From a domain to its hosts, through a real resolver: cases 57 and 91 of the attack list. */
class RoutingIT extends EngineFixture {
    private final ScriptedDns dns = opened(ScriptedDns.start());
    private final ScriptedSmtpPeer peer = peer();
    private final SmtpDeliveryEngine engine = engine(byDns(dns, peer.port()), outbound());

    @Test
    void mailGoesToTheMxOfTheDomain() throws Exception {
        dns.mx("x.org", 10, "mx.x.org").a("mx.x.org", "127.0.0.1");

        AttemptReport report = engine.attempt(job(MESSAGE, "a@x.org"), BUDGET);

        assertThat(only(report)).isInstanceOf(Outcome.Delivered.class);
        assertThat(report.details().destination()).isEqualTo("x.org");
        assertThat(report.details().remoteHost()).isEqualTo("mx.x.org");
        assertThat(report.details().remoteAddress()).isEqualTo("127.0.0.1:" + peer.port());
    }

    @Test
    void theMxWithTheLowestPreferenceThatAnswersGetsTheMail() throws Exception {
        ScriptedSmtpPeer second = opened(ScriptedSmtpPeer.startOn("127.0.0.2", peer.port()));
        ScriptedSmtpPeer third = opened(ScriptedSmtpPeer.startOn("127.0.0.3", peer.port()));
        peer.onConnect().reply("421 4.3.2 busy");
        for (int i = 1; i <= 3; i++) {
            dns.mx("x.org", 10 * i, "mx" + i + ".x.org").a("mx" + i + ".x.org", "127.0.0." + i);
        }

        assertThat(only(engine.attempt(job(MESSAGE, "a@x.org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);

        assertThat(peer.connections()).isEqualTo(1);
        assertThat(second.accepted()).hasSize(1);
        assertThat(third.connections()).isZero();
    }

    @Test
    void ofFourMxTheLastOneDeliversWhenTheOthersAreDead() throws Exception {
        ScriptedSmtpPeer last = opened(ScriptedSmtpPeer.startOn("127.0.0.9", peer.port()));
        dns.mx("x.org", 1, "nowhere.x.org").empty("nowhere.x.org");
        dns.mx("x.org", 2, "dead.x.org").a("dead.x.org", "127.0.0.7");
        dns.mx("x.org", 3, "silent.x.org").a("silent.x.org", "127.0.0.1");
        dns.mx("x.org", 4, "last.x.org").a("last.x.org", "127.0.0.9");
        peer.onConnect().neverReply();
        AttemptBudget budget =
                new AttemptBudget(SHORT.beforeDot().multipliedBy(2), SHORT.step(), SHORT.step());

        assertThat(only(engine.attempt(job(MESSAGE, "a@x.org"), budget)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(last.accepted()).hasSize(1);
    }

    @Test
    void aHostThatGaveNoSessionIsTriedLastTheNextTime() throws Exception {
        ScriptedSmtpPeer second = opened(ScriptedSmtpPeer.startOn("127.0.0.2", peer.port()));
        SmtpDeliveryEngine oneMailAConnection =
                engine(byDns(dns, peer.port()), outbound(limits(5, 5, 1)));
        dns.mx("x.org", 1, "mx1.x.org").a("mx1.x.org", "127.0.0.1");
        dns.mx("x.org", 2, "mx2.x.org").a("mx2.x.org", "127.0.0.2");
        peer.onConnect().close();
        oneMailAConnection.attempt(job(MESSAGE, "a@x.org"), BUDGET);
        oneMailAConnection.attempt(job(MESSAGE, "a@x.org"), BUDGET);

        assertThat(peer.connections()).isEqualTo(1);
        assertThat(second.accepted()).hasSize(2);

        clock.advance(PROBE_INTERVAL);
        peer.forgetRules();
        oneMailAConnection.attempt(job(MESSAGE, "a@x.org"), BUDGET);
        assertThat(peer.accepted()).as("after the probe interval it is first again").hasSize(1);
    }

    @Test
    void whatAHostRefusesForGoodNoOtherHostIsAsked() throws Exception {
        ScriptedSmtpPeer second = opened(ScriptedSmtpPeer.startOn("127.0.0.2", peer.port()));
        dns.mx("x.org", 1, "mx1.x.org").a("mx1.x.org", "127.0.0.1");
        dns.mx("x.org", 2, "mx2.x.org").a("mx2.x.org", "127.0.0.2");
        peer.onRcpt().reply("451 4.7.1 greylisted");

        deferred(only(engine.attempt(job(MESSAGE, "a@x.org"), BUDGET)));
        assertThat(second.connections()).isZero();
    }

    @Test
    void afterTheDotNoOtherHostIsTried() throws Exception {
        ScriptedSmtpPeer second = opened(ScriptedSmtpPeer.startOn("127.0.0.2", peer.port()));
        dns.mx("x.org", 1, "mx1.x.org").a("mx1.x.org", "127.0.0.1");
        dns.mx("x.org", 2, "mx2.x.org").a("mx2.x.org", "127.0.0.2");
        peer.onDot().close();

        assertThat(deferred(only(engine.attempt(job(MESSAGE, "a@x.org"), BUDGET))).kind())
                .isEqualTo(Kind.AMBIGUOUS);
        assertThat(second.connections()).isZero();
    }

    @Test
    void aSessionLostBeforeTheDotGoesOnAtTheNextHost() throws Exception {
        ScriptedSmtpPeer second = opened(ScriptedSmtpPeer.startOn("127.0.0.2", peer.port()));
        dns.mx("x.org", 1, "mx1.x.org").a("mx1.x.org", "127.0.0.1");
        dns.mx("x.org", 2, "mx2.x.org").a("mx2.x.org", "127.0.0.2");
        peer.onRcpt("no@x.org").reply("550 5.1.1 no such user");
        peer.onRcpt().whenNumber(3).close();

        List<Outcome> outcomes =
                outcomes(engine.attempt(job(MESSAGE, "a@x.org", "no@x.org", "b@x.org"), BUDGET));

        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Delivered.class);
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failed.class);
        assertThat(outcomes.get(2)).isInstanceOf(Outcome.Delivered.class);
        assertThat(second.onlyTransaction().recipients()).containsExactly("a@x.org", "b@x.org");
    }

    @Test
    void withoutMxTheDomainItselfIsTheHost() throws Exception {
        dns.a("x.org", "127.0.0.1");
        assertThat(only(engine.attempt(job(MESSAGE, "a@X.Org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void anMxThatIsAnAliasIsFollowed() throws Exception {
        dns.mx("x.org", 10, "alias.x.org")
                .cname("alias.x.org", "mx.x.org")
                .a("mx.x.org", "127.0.0.1");
        assertThat(only(engine.attempt(job(MESSAGE, "a@x.org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void whatDnsSaysForGoodIsFinal() throws Exception {
        dns.nullMx("nomail.org").empty("bare.org").mx("hostless.org", 10, "gone.hostless.org");

        assertThat(failedFor("nomail.org")).hasToString("5.1.10");
        assertThat(failedFor("nowhere.org")).hasToString("5.1.2");
        assertThat(failedFor("bare.org")).hasToString("5.4.4");
        assertThat(failedFor("hostless.org")).hasToString("5.4.4");
    }

    @Test
    void aNameThatCannotBeResolvedIsADeferral() throws Exception {
        dns.servfail("broken.org").silent("silent.org");
        dns.mx("half.org", 10, "mx.half.org").silent("mx.half.org");

        for (String domain : List.of("broken.org", "silent.org", "half.org")) {
            Outcome.Deferred outcome =
                    deferred(only(engine.attempt(job(MESSAGE, "a@" + domain), BUDGET)));
            assertThat(outcome.status()).as(domain).hasToString("4.4.3");
            assertThat(outcome.kind()).isEqualTo(Kind.ATTEMPTED);
        }
    }

    @Test
    void aResolverThatIsAwayIsNoMailsFault() throws Exception {
        dns.mx("x.org", 10, "mx.x.org").a("mx.x.org", "127.0.0.1");
        dns.fallSilent();
        assertThatThrownBy(() -> engine.attempt(job(MESSAGE, "a@x.org"), BUDGET))
                .isInstanceOf(ResolverUnavailableException.class);
        dns.failEverything();
        assertThatThrownBy(() -> engine.attempt(job(MESSAGE, "a@x.org"), BUDGET))
                .isInstanceOf(ResolverUnavailableException.class);
        dns.comeBack();
        assertThat(only(engine.attempt(job(MESSAGE, "a@x.org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void aResolverThatIsAwayCostsTheManyWhoAskNoMoreThanTheFirst() throws Exception {
        dns.fallSilent();
        List<Future<AttemptReport>> all = new ArrayList<>();
        long began = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            String recipient = "a@domain" + i + ".org";
            all.add(inBackground(() -> engine.attempt(job(MESSAGE, recipient), BUDGET)));
        }
        for (Future<AttemptReport> each : all) {
            assertThatThrownBy(each::get).hasCauseInstanceOf(ResolverUnavailableException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(6));
        assertThat(dns.queriesFor("", "NS")).isLessThan(10);
    }

    @Test
    void answersAreRemembered() throws Exception {
        dns.mx("x.org", 10, "mx.x.org").a("mx.x.org", "127.0.0.1");
        SmtpDeliveryEngine oneMailAConnection =
                engine(byDns(dns, peer.port()), outbound(limits(5, 5, 1)));
        for (int i = 0; i < 5; i++) {
            oneMailAConnection.attempt(job(MESSAGE, "a@x.org"), BUDGET);
        }
        assertThat(peer.connections()).isEqualTo(5);
        assertThat(dns.queriesFor("x.org", "MX")).isEqualTo(1);
        assertThat(dns.queriesFor("mx.x.org", "A")).isEqualTo(1);
    }

    @Test
    void anMxThatPointsBackAtUsIsALoop() throws Exception {
        dns.mx("loop.org", 10, "relay.test").mx("loop.org", 20, "mx.loop.org");
        dns.mx("backup.org", 10, "mx.backup.org").mx("backup.org", 20, "relay.test");
        dns.a("mx.backup.org", "127.0.0.1").a("mx.loop.org", "127.0.0.1");

        assertThat(failedFor("loop.org")).hasToString("5.4.6");
        assertThat(peer.connections()).isZero();
        assertThat(only(engine.attempt(job(MESSAGE, "a@backup.org"), BUDGET)))
                .as("we are the backup, the primary gets it")
                .isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void dnsCannotSendUsInside() throws Exception {
        SmtpDeliveryEngine strict =
                engine(byDns(dns, peer.port(), Map.of(), List.of()), outbound());
        dns.mx("lo.org", 10, "lo.org").a("lo.org", "127.0.0.1");
        dns.a("lo6.org", "127.0.0.1").aaaa("lo6.org", "::1");
        dns.a("ten.org", "10.1.2.3").a("cloud.org", "169.254.169.254");
        dns.mx("number.org", 10, "127.0.0.1");
        dns.aaaa("mapped.org", "64:ff9b::7f00:1");

        dns.aaaa("local64.org", "64:ff9b:1::7f00:1").a("shared.org", "100.64.3.4");
        dns.mx("multi.org", 10, "m.multi.org").a("m.multi.org", "224.0.0.5");
        dns.a("relay.test", "198.51.100.7");

        assertThat(failedFor(strict, "a@relay.test")).as("our own name").hasToString("5.4.6");
        for (String domain : List.of("local64.org", "shared.org", "multi.org")) {
            assertThat(failedFor(strict, "a@" + domain)).as(domain).hasToString("5.7.1");
        }
        for (String domain : List.of("lo.org", "lo6.org", "number.org", "mapped.org")) {
            assertThat(failedFor(strict, "a@" + domain)).as(domain).hasToString("5.4.6");
        }
        assertThat(failedFor(strict, "a@ten.org")).hasToString("5.7.1");
        assertThat(failedFor(strict, "a@cloud.org")).hasToString("5.7.1");
        assertThat(failedFor(strict, "a@[127.0.0.1]")).hasToString("5.4.6");
        assertThat(failedFor(strict, "a@[IPv6:::1]")).hasToString("5.4.6");
        assertThat(peer.connections()).isZero();
    }

    @Test
    void anAddressLiteralIsConnectedToWhereThatIsAllowed() throws Exception {
        assertThat(only(engine.attempt(job(MESSAGE, "a@[127.0.0.1]"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
        assertThat(peer.onlyTransaction().recipients()).containsExactly("a@[127.0.0.1]");
    }

    @Test
    void aConfiguredRouteComesBeforeDnsAndMayLeadInside() throws Exception {
        ScriptedSmtpPeer smart = peer();
        dns.a("smart.test", "127.0.0.1");
        SmtpDeliveryEngine routed =
                engine(
                        byDns(
                                dns,
                                peer.port(),
                                Map.of(
                                        "inside.org", new NextHop("127.0.0.1", smart.port()),
                                        "*.parts.org", new NextHop("smart.test", smart.port()),
                                        "away.org", new NextHop("gone.test", smart.port())),
                                List.of()),
                        outbound());

        assertThat(only(routed.attempt(job(MESSAGE, "a@inside.org"), BUDGET)))
                .isInstanceOf(Outcome.Delivered.class);
        AttemptReport report = routed.attempt(job(MESSAGE, "a@one.parts.org"), BUDGET);
        assertThat(report.details().destination()).isEqualTo("smart.test:" + smart.port());
        assertThat(smart.accepted()).hasSize(2);
        assertThat(deferred(only(routed.attempt(job(MESSAGE, "a@away.org"), BUDGET))).status())
                .as("our configuration is at fault: the mail waits")
                .hasToString("4.4.4");
    }

    private Object failedFor(String domain) throws Exception {
        return failedFor(engine, "a@" + domain);
    }

    private Object failedFor(SmtpDeliveryEngine by, String recipient) throws Exception {
        return failed(only(by.attempt(job(MESSAGE, recipient), BUDGET))).status();
    }
}
