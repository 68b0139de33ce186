package posthaste.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.Outcome.Kind;
import posthaste.mail.record.Job;
import posthaste.outbound.destination.DestinationSettings;
import posthaste.outbound.destination.DestinationSnapshot;
import posthaste.outbound.routing.NextHop;
import posthaste.outbound.routing.RoutingSettings;
import posthaste.testing.FreePort;
import posthaste.testing.ScriptedDns;
import posthaste.testing.ScriptedSmtpPeer;

/** How many at once, when none, and who waits for whom. */
class DestinationIT extends EngineFixture {
    private final ScriptedDns dns = opened(ScriptedDns.start());

    @Test
    void noMoreConnectionsAreOpenThanTheLimitAllows() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onDot().after(Duration.ofMillis(20)).replyAsUsual();
        SmtpDeliveryEngine engine = relayingTo(peer, outbound(limits(2, 4, 1000)));
        Job job = job(MESSAGE, "a@x.org");

        for (Future<AttemptReport> each : attempts(engine, job, 60)) {
            assertThat(only(each.get())).isInstanceOf(Outcome.Delivered.class);
        }

        assertThat(peer.accepted()).hasSize(60);
        assertThat(peer.mostOpenConnections()).isEqualTo(4);
        assertThat(peer.connections()).isEqualTo(4);
    }

    @Test
    void aDestinationThatIsDownIsAskedOnceAnInterval() throws Exception {
        int port = FreePort.tcp();
        SmtpDeliveryEngine engine = relayingToPort(port);
        Job job = job(MESSAGE, "a@x.org");
        for (int i = 0; i < 3; i++) {
            assertThat(deferred(only(engine.attempt(job, BUDGET))).kind())
                    .isEqualTo(Kind.ATTEMPTED);
        }
        DestinationSnapshot down = engine.destinations().getFirst();
        assertThat(down.downSince()).isPresent();

        for (int i = 0; i < 20; i++) {
            Outcome.Deferred held = deferred(only(engine.attempt(job, BUDGET)));
            assertThat(held.kind()).isEqualTo(Kind.NOT_ATTEMPTED);
            assertThat(held.retryAfter()).isEqualTo(PROBE_INTERVAL);
            assertThat(held.reason()).contains("has been down since");
        }
        assertThat(engine.statistics().heldBack()).isEqualTo(20);

        ScriptedSmtpPeer peer = opened(ScriptedSmtpPeer.startOn("127.0.0.1", port));
        clock.advance(PROBE_INTERVAL);
        assertThat(only(engine.attempt(job, BUDGET))).isInstanceOf(Outcome.Delivered.class);
        assertThat(engine.destinations().getFirst().downSince()).isEmpty();
        assertThat(only(engine.attempt(job, BUDGET))).isInstanceOf(Outcome.Delivered.class);
        assertThat(peer.connections()).isEqualTo(1);
    }

    @Test
    void onlyOneProbeAtATimeLooksWhetherItIsBack() throws Exception {
        ScriptedSmtpPeer peer = peer();
        SmtpDeliveryEngine engine = relayingTo(peer);
        peer.onConnect().times(3).close();
        Job job = job(MESSAGE, "a@x.org");
        for (int i = 0; i < 3; i++) {
            engine.attempt(job, BUDGET);
        }
        peer.onConnect().neverReply();
        clock.advance(PROBE_INTERVAL);

        attempts(engine, job, 10);
        await().until(() -> engine.statistics().heldBack() == 9);
        assertThat(peer.connections()).isEqualTo(4);
    }

    @Test
    void aDeadDestinationDoesNotHoldUpTheOthers() throws Exception {
        ScriptedSmtpPeer good = peer();
        ScriptedSmtpPeer dead = peer();
        dead.onConnect().neverReply();
        SmtpDeliveryEngine engine = twoDestinations(good, dead);
        Job toDead = job(MESSAGE, "a@dead.org");
        Job toGood = job(MESSAGE, "a@good.org");

        List<Future<AttemptReport>> stuck = attempts(engine, toDead, 90);
        long began = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertThat(only(engine.attempt(toGood, BUDGET))).isInstanceOf(Outcome.Delivered.class);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(BUDGET.step());
        stuck.forEach(each -> each.cancel(true));
    }

    @Test
    void whileOthersHaveWorkASlowDestinationHoldsAQuarterOfTheCap() throws Exception {
        ScriptedSmtpPeer good = peer();
        ScriptedSmtpPeer slow = peer();
        good.onDot().once().neverReply();
        slow.onDot().after(Duration.ofSeconds(4)).replyAsUsual();
        SmtpDeliveryEngine engine = twoDestinations(good, slow);
        attempts(engine, job(MESSAGE, "a@good.org"), 1);
        attempts(engine, job(MESSAGE, "a@dead.org"), 5);
        slow.awaitTransactions(5, Duration.ofSeconds(5));
        // Now the oldest attempt is old enough for the wait to be called one.
        Thread.sleep(1100);

        List<Future<AttemptReport>> more = attempts(engine, job(MESSAGE, "a@dead.org"), 60);

        await().until(() -> engine.inFlight() <= 26 && engine.waiting() == 20);
        List<Outcome.Deferred> sentAway = new ArrayList<>();
        for (Future<AttemptReport> each : more) {
            if (each.isDone()) {
                sentAway.add(deferred(only(each.get())));
            }
        }
        assertThat(sentAway).hasSize(40).allMatch(each -> each.kind() == Kind.NOT_ATTEMPTED);
        assertThat(sentAway.stream().map(Outcome.Deferred::retryAfter).distinct())
                .as("each comes back later than the one before")
                .hasSize(40);
    }

    @Test
    void aloneASlowDestinationMayHoldTheWholeCap() throws Exception {
        ScriptedSmtpPeer slow = peer();
        slow.onDot().after(Duration.ofSeconds(4)).replyAsUsual();
        SmtpDeliveryEngine engine = relayingTo(slow, outbound(limits(2, 2, 10)));

        attempts(engine, job(MESSAGE, "a@x.org"), 80);

        await().until(() -> engine.waiting() == 78);
        assertThat(engine.statistics().heldBack()).isZero();
    }

    @Test
    void whoWaitsTooLongComesBackWithoutAnAttempt() throws Exception {
        ScriptedSmtpPeer slow = peer();
        slow.onDot().after(Duration.ofSeconds(3)).replyAsUsual();
        SmtpDeliveryEngine engine = relayingTo(slow, outbound(limits(1, 1, 10)));
        attempts(engine, job(MESSAGE, "a@x.org"), 1);
        slow.awaitTransactions(1, Duration.ofSeconds(5));

        Outcome.Deferred outcome = deferred(only(engine.attempt(job(MESSAGE, "a@x.org"), SHORT)));
        assertThat(outcome.kind()).isEqualTo(Kind.NOT_ATTEMPTED);
        assertThat(outcome.retryAfter()).isPositive();
    }

    @Test
    void a421MakesTheEngineAskForLess() throws Exception {
        ScriptedSmtpPeer peer = peer();
        SmtpDeliveryEngine engine = relayingTo(peer, outbound(limits(8, 20, 10)));
        peer.onMail().once().replyThenClose("421 4.7.0 too many connections");

        engine.attempt(job(MESSAGE, "a@x.org"), BUDGET);

        assertThat(engine.destinations().getFirst().limit()).isEqualTo(4);
    }

    @Test
    void idleConnectionsOfManyDestinationsAreBoundedTogether() throws Exception {
        ScriptedSmtpPeer peer = peer();
        for (int i = 0; i < 6; i++) {
            dns.a("x" + i + ".org", "127.0.0.1");
        }
        SmtpDeliveryEngine engine =
                engine(
                        byDns(dns, peer.port()),
                        outbound(
                                new DestinationSettings(
                                        5,
                                        5,
                                        Duration.ofMinutes(1),
                                        100,
                                        Duration.ofMinutes(1),
                                        3,
                                        PROBE_INTERVAL,
                                        4)));
        for (int i = 0; i < 6; i++) {
            assertThat(only(engine.attempt(job(MESSAGE, "a@x" + i + ".org"), BUDGET)))
                    .isInstanceOf(Outcome.Delivered.class);
        }
        assertThat(engine.destinations().stream().mapToInt(DestinationSnapshot::idle).sum())
                .isEqualTo(4);
        await().until(() -> peer.openConnections() == 4);
    }

    @Test
    void anIdleConnectionIsLeftWithAQuit() throws Exception {
        ScriptedSmtpPeer peer = peer();
        SmtpDeliveryEngine engine =
                relayingTo(
                        peer,
                        outbound(
                                new DestinationSettings(
                                        5,
                                        5,
                                        Duration.ofMillis(200),
                                        100,
                                        Duration.ofMinutes(1),
                                        3,
                                        Duration.ofSeconds(1),
                                        100)));
        engine.attempt(job(MESSAGE, "a@x.org"), BUDGET);
        assertThat(engine.destinations().getFirst().idle()).isEqualTo(1);

        await().until(() -> peer.openConnections() == 0);
        assertThat(peer.linesOf(1)).endsWith("QUIT");
        assertThat(engine.destinations().getFirst().idle()).isZero();
    }

    private SmtpDeliveryEngine relayingToPort(int port) {
        return engine(RoutingSettings.relayingTo(new NextHop("127.0.0.1", port)), outbound());
    }

    private SmtpDeliveryEngine twoDestinations(ScriptedSmtpPeer good, ScriptedSmtpPeer dead) {
        return engine(
                byDns(
                        dns,
                        25,
                        Map.of(
                                "good.org", new NextHop("127.0.0.1", good.port()),
                                "dead.org", new NextHop("127.0.0.1", dead.port())),
                        List.of()),
                outbound());
    }

    private List<Future<AttemptReport>> attempts(DeliveryEngine engine, Job job, int count) {
        List<Future<AttemptReport>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(inBackground(() -> engine.attempt(job, BUDGET)));
        }
        return all;
    }
}
