package posthaste.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import posthaste.body.CorruptBodyException;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.Outcome.Kind;
import posthaste.mail.record.Job;
import posthaste.testing.ScriptedSmtpPeer;

/** Attempts that our own side ends: interrupts, bodies that cannot be read. */
class InterruptIT extends EngineFixture {

    @Test
    void anInterruptBeforeTheDotBreaksTheAttemptOff() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onRcpt().neverReply();
        SmtpDeliveryEngine engine = relayingTo(peer);
        CompletableFuture<AttemptReport> result = new CompletableFuture<>();
        Thread thread = attempting(engine, job(MESSAGE, "a@x.org"), result);
        await().until(() -> peer.commands().stream().anyMatch(c -> c.line().startsWith("RCPT")));

        thread.interrupt();

        assertThat(thread.join(Duration.ofSeconds(3))).isTrue();
        assertThatThrownBy(result::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        await().until(() -> peer.openConnections() == 0);
        assertThat(engine.inFlight()).isZero();
        assertThat(engine.destinations().getFirst().busy()).isZero();
    }

    @Test
    void anInterruptWhileWaitingForTheDestinationBreaksTheWaitOff() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onRcpt().neverReply();
        SmtpDeliveryEngine engine = relayingTo(peer, outbound(limits(1, 1, 10)));
        attempting(engine, job(MESSAGE, "a@x.org"), new CompletableFuture<>());
        await().until(() -> peer.connections() == 1);
        CompletableFuture<AttemptReport> result = new CompletableFuture<>();
        Thread waiting = attempting(engine, job(MESSAGE, "a@x.org"), result);
        await().until(() -> engine.waiting() == 1);

        waiting.interrupt();

        assertThatThrownBy(result::get).hasCauseInstanceOf(InterruptedException.class);
        assertThat(engine.waiting()).isZero();
    }

    @Test
    void whoObjectsToTheFinalDotBreaksTheAttemptOffAndNothingIsDelivered() throws Exception {
        ScriptedSmtpPeer peer = peer();
        SmtpDeliveryEngine engine = relayingTo(peer);
        Job job = job(MESSAGE, "a@x.org");

        assertThatThrownBy(() ->
                        engine.attempt(
                                job,
                                BUDGET,
                                () -> {
                                    throw new InterruptedException("not any more");
                                }))
                .isInstanceOf(InterruptedException.class);

        await().until(() -> peer.openConnections() == 0);
        assertThat(peer.transactions()).isEmpty();
        assertThat(peer.commands()).anyMatch(command -> command.line().startsWith("DATA"));
        assertThat(engine.inFlight()).isZero();
        assertThat(only(engine.attempt(job, BUDGET))).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void anInterruptAfterTheDotIsAnAmbiguousOutcome() throws Exception {
        ScriptedSmtpPeer peer = peer();
        peer.onDot().neverReply();
        CompletableFuture<AttemptReport> result = new CompletableFuture<>();
        Thread thread = attempting(relayingTo(peer), job(MESSAGE, "a@x.org"), result);
        peer.awaitTransactions(1, Duration.ofSeconds(5));

        thread.interrupt();

        assertThat(deferred(only(result.get())).kind()).isEqualTo(Kind.AMBIGUOUS);
    }

    @Test
    void aBodyThatCannotBeReadIsNoFaultOfTheServer() throws Exception {
        ScriptedSmtpPeer peer = peer();
        SmtpDeliveryEngine engine = relayingTo(peer);
        Job lost = job(MESSAGE, "a@x.org");
        bodies.lose(lost.body());
        Job damaged = job(MESSAGE, "a@x.org");
        bodies.damage(damaged.body());
        Job fine = job(MESSAGE, "a@x.org");

        assertThatThrownBy(() -> engine.attempt(lost, BUDGET))
                .isInstanceOf(MissingBodyException.class);
        assertThatThrownBy(() -> engine.attempt(damaged, BUDGET))
                .isInstanceOf(CorruptBodyException.class);
        bodies.setAvailable(false);
        assertThatThrownBy(() -> engine.attempt(fine, BUDGET))
                .isInstanceOf(StoreUnavailableException.class);
        bodies.setAvailable(true);

        assertThat(only(engine.attempt(fine, BUDGET))).isInstanceOf(Outcome.Delivered.class);
        assertThat(peer.transactions()).hasSize(1);
        assertThat(peer.connections()).isEqualTo(1);
        assertThat(engine.inFlight()).isZero();
    }

    @Test
    void aLargeBodyThatTurnsOutDamagedNeverGetsItsFinalDot() throws Exception {
        ScriptedSmtpPeer peer = peer();
        SmtpDeliveryEngine engine = relayingTo(peer);
        Job damaged = job(new byte[3_000_000], "a@x.org");
        bodies.damage(damaged.body());

        assertThatThrownBy(() -> engine.attempt(damaged, BUDGET))
                .isInstanceOf(CorruptBodyException.class);

        await().until(() -> peer.openConnections() == 0);
        assertThat(peer.transactions()).isEmpty();
    }

    private static Thread attempting(
            DeliveryEngine engine, Job job, CompletableFuture<AttemptReport> result) {
        return Thread.startVirtualThread(() -> {
            try {
                result.complete(engine.attempt(job, BUDGET));
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
    }
}
