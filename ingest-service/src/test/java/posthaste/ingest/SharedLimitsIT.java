package posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.body.MemoryBudget;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.ingest.accept.ChargingAcceptor;
import posthaste.ingest.policy.assembly.ListenerPolicies;
import posthaste.ingest.policy.book.Policy;
import posthaste.ingest.policy.book.PolicyFile;
import posthaste.ingest.policy.dns.PolicyDns;
import posthaste.ingest.policy.rate.FactBoard;
import posthaste.ingest.policy.rate.Quotas;
import posthaste.ingest.policy.stress.Stress;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.mail.record.Topics;
import posthaste.queue.TopicPlan;
import posthaste.queue.control.SharedFacts;
import posthaste.queue.kafka.KafkaMailQueue;
import posthaste.queue.kafka.KafkaQueueSettings;
import posthaste.testing.SmtpDialogue;

/** One limit over two real listeners, each a process of its own in all but name, on one broker. */
class SharedLimitsIT {
    private static final byte[] MESSAGE =
            "Subject: x\r\n\r\ny\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int LIMIT = 40;

    @TempDir private static Path folder;
    private static EmbeddedBroker broker;

    private static final class Member implements AutoCloseable {
        private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final KafkaMailQueue queue;
        private final Quotas quotas;
        private final Stress stress;
        private final ListenerUnderTest ingest;

        Member(String instance, Policy policy) throws Exception {
            queue =
                    new KafkaMailQueue(
                            KafkaQueueSettings.of(
                                    broker.bootstrapServers(),
                                    instance,
                                    new KafkaQueueSettings.Durability(1, 1, true)),
                            InstantSource.system(),
                            cause -> {
                                throw new AssertionError(cause);
                            });
            queue.prepare(List.of(TopicPlan.ofFacts(Topics.CONTROL, Optional.empty())));
            SharedFacts facts = queue.facts(Topics.CONTROL);
            quotas =
                    new Quotas(
                            policy::limits,
                            instance,
                            new FactBoard(facts),
                            InstantSource.system(),
                            System::nanoTime,
                            Duration.ofMillis(200));
            facts.start();
            assertThat(facts.awaitWhole(LONG)).isTrue();
            stress = new Stress(policy::stress, List.of(), Duration.ofMinutes(1), meters);
            ListenerSettings settings = ListenerUnderTest.settings(ListenerUnderTest.LIMITS);
            ingest =
                    ListenerUnderTest.start(
                            settings,
                            new MemoryBudget(16 << 20),
                            new ListenerPolicies(
                                            () -> policy,
                                            quotas,
                                            new PolicyDns(policy::dns),
                                            stress,
                                            meters)
                                    .of(settings.hostName(), settings.trusted(), false, List.of()),
                            door -> new ChargingAcceptor(door, quotas));
        }

        /** How many of so many mails are accepted. */
        int send(String sender, int mails) {
            int accepted = 0;
            try (SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
                for (int i = 0; i < mails; i++) {
                    if (client.send("MAIL FROM:<" + sender + ">").reply().code() == 250) {
                        client.send("RCPT TO:<x@y.z>").expect(250);
                        client.send("DATA").expect(354);
                        accepted += client.sendMessage(MESSAGE).reply().code() == 250 ? 1 : 0;
                    }
                }
            }
            return accepted;
        }

        boolean refuses(String sender) {
            try (SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
                return client.send("MAIL FROM:<" + sender + ">").reply().code() == 451;
            }
        }

        @Override
        public void close() {
            ingest.close();
            quotas.close();
            stress.close();
            queue.close();
        }
    }

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder.resolve("kafka"), BrokerSettings.forTests());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void aLimitHoldsOverTwoListenersAndOneThatBeginsLater() throws Exception {
        Policy policy =
                PolicyFile.read(
                        Files.writeString(
                                folder.resolve("policy.yaml"),
                                "limits:\n- {per: sender-domain, messages: " + LIMIT + "/d}\n"));
        try (Member one = new Member("one", policy);
                Member two = new Member("two", policy)) {
            // Who takes his time meets the limit exactly.
            assertThat(one.send("a@slow.test", LIMIT)).isEqualTo(LIMIT);
            await().atMost(LONG).until(() -> two.refuses("a@slow.test"));
            assertThat(two.send("a@slow.test", 5)).isZero();

            // Who comes to both at once gets what he can send before it is told, and never more
            // than the limit at each.
            int both = atOnce(() -> one.send("b@fast.test", 60), () -> two.send("b@fast.test", 60));
            assertThat(both).isBetween(LIMIT, 2 * LIMIT);
            await().atMost(LONG)
                    .until(() -> one.refuses("b@fast.test") && two.refuses("b@fast.test"));
            assertThat(one.send("b@fast.test", 5) + two.send("b@fast.test", 5)).isZero();

            try (Member late = new Member("late", policy)) {
                await().atMost(LONG).until(() -> late.refuses("a@slow.test"));
                assertThat(late.send("c@other.test", 2)).isEqualTo(2);
            }
        }
    }

    private static int atOnce(Callable<Integer> a, Callable<Integer> b) throws Exception {
        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            int sum = 0;
            for (Future<Integer> each : both.invokeAll(List.of(a, b))) {
                sum += each.get();
            }
            return sum;
        }
    }
}
