package posthaste.service.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.dsl.IntegrationFlow;
import posthaste.mail.envelope.MailId;
import posthaste.mail.record.Event;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueuedRecord;
import posthaste.queue.RecordHandler;
import posthaste.queue.Settlement;

class FlowGatewayTest {
    private static final QueuedRecord RECORD =
            new QueuedRecord(
                    "mail.events",
                    0,
                    0,
                    Instant.EPOCH,
                    new Event(
                            MailId.derived(Instant.EPOCH, "a test"),
                            Instant.EPOCH,
                            Optional.empty(),
                            List.of()));

    private final List<AnnotationConfigApplicationContext> open = new ArrayList<>();

    @EnableIntegration
    static class Integration {}

    @AfterEach
    void close() {
        open.forEach(AnnotationConfigApplicationContext::close);
    }

    @Test
    void theSettlementIsWhatTheLastStepMade() throws Exception {
        RecordHandler handler =
                flowOf(
                        Step.of(QueuedRecord.class, record -> record.topic()),
                        Step.of(String.class, topic -> new Settlement.Poison(topic)));

        assertThat(handler.handle(RECORD)).isEqualTo(new Settlement.Poison("mail.events"));
    }

    @Test
    void theFlowRunsOnTheCallersThread() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        RecordHandler handler =
                flowOf(
                        Step.of(QueuedRecord.class, record -> record),
                        Step.of(
                                QueuedRecord.class,
                                _ -> {
                                    thread.set(Thread.currentThread());
                                    return Settlement.nothing();
                                }));

        handler.handle(RECORD);

        assertThat(thread).hasValue(Thread.currentThread());
    }

    @Test
    void exceptionsComeOutAsTheyWereThrown() {
        for (Exception thrown :
                List.of(
                        new PartUnavailableException("the store is away"),
                        new InterruptedException("revoked"),
                        new IllegalArgumentException("a defect"))) {
            RecordHandler handler =
                    flowOf(
                            Step.of(QueuedRecord.class, record -> record),
                            Step.of(
                                    QueuedRecord.class,
                                    _ -> {
                                        throw thrown;
                                    }));

            assertThatThrownBy(() -> handler.handle(RECORD)).isSameAs(thrown);
        }
    }

    @Test
    void whatCanNeverBeHandledIsPoison() throws Exception {
        RecordHandler handler =
                flowOf(
                        Step.of(QueuedRecord.class, record -> record),
                        Step.of(
                                QueuedRecord.class,
                                _ -> {
                                    throw new PoisonException("no body at x");
                                }));

        assertThat(handler.handle(RECORD)).isEqualTo(new Settlement.Poison("no body at x"));
    }

    @Test
    void anErrorIsNotTurnedIntoAnException() {
        RecordHandler handler =
                flowOf(
                        Step.of(QueuedRecord.class, record -> record),
                        Step.of(
                                QueuedRecord.class,
                                _ -> {
                                    throw new StackOverflowError();
                                }));

        assertThatThrownBy(() -> handler.handle(RECORD)).isInstanceOf(StackOverflowError.class);
    }

    @Test
    void aFlowWithoutAResultIsADefectAndNotASettlement() {
        RecordHandler handler =
                flowOf(
                        Step.of(QueuedRecord.class, record -> record),
                        Step.of(QueuedRecord.class, _ -> null));

        assertThatThrownBy(() -> handler.handle(RECORD))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("without a result");
    }

    private RecordHandler flowOf(Step<?, ?> first, Step<?, ?> second) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        DirectChannel entrance = new DirectChannel();
        context.register(Integration.class);
        context.registerBean("entrance", DirectChannel.class, () -> entrance);
        context.registerBean(
                "flow",
                IntegrationFlow.class,
                () -> IntegrationFlow.from(entrance).handle(first).handle(second).get());
        context.refresh();
        open.add(context);
        return FlowGateway.settling(entrance);
    }
}
