package posthaste.service.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import posthaste.queue.BatchTaker;
import posthaste.queue.BatchWriter;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.DeadLetters;
import posthaste.queue.FollowPlan;
import posthaste.queue.MailQueue;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.Publisher;
import posthaste.queue.QueueConsumer;
import posthaste.queue.QueueMarks;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueSettingsException;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.RecordHandler;
import posthaste.queue.TailPlan;
import posthaste.queue.TopicPlan;
import posthaste.queue.control.Fact;
import posthaste.queue.control.SharedFacts;
import posthaste.queue.memory.MemoryMailQueue;

/** Real starts that fail: each is told in one sentence on standard error, and nothing else. */
class StartupFailureTest {
    @TempDir private Path folder;

    @Configuration(proxyBeanMethods = false)
    static class QueueInMemory {
        @Bean
        MailQueue queue() {
            return new MemoryMailQueue(InstantSource.system());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class QueueOfLessDurability {
        @Bean
        MailQueue queue() {
            return new MailQueue() {
                private final MailQueue memory = new MemoryMailQueue(InstantSource.system());

                @Override
                public void prepare(List<TopicPlan> topics) {
                    throw new QueueSettingsException(
                            "topic mail.bounce has min.insync.replicas=1, wanted is 2");
                }

                @Override
                public Publisher publisher() {
                    return memory.publisher();
                }

                @Override
                public QueueConsumer consumer(ConsumerPlan plan, RecordHandler handler) {
                    return memory.consumer(plan, handler);
                }

                @Override
                public QueueConsumer tail(TailPlan plan, BatchWriter writer) {
                    return memory.tail(plan, writer);
                }

                @Override
                public QueueConsumer follow(FollowPlan plan, BatchTaker taker) {
                    return memory.follow(plan, taker);
                }

                @Override
                public QueueScanner scanner() {
                    return memory.scanner();
                }

                @Override
                public QueueMarks marks() {
                    return memory.marks();
                }

                @Override
                public DeadLetters deadLetters() {
                    return memory.deadLetters();
                }

                @Override
                public SharedFacts facts(String topic) {
                    return memory.facts(topic);
                }

                @Override
                public void write(String topic, List<Fact> facts, Duration deadline)
                        throws QueueUnavailableException,
                                OutcomeUnknownException,
                                InterruptedException {
                    memory.write(topic, facts, deadline);
                }

                @Override
                public void close() {
                    memory.close();
                }
            };
        }
    }

    @Test
    void withoutAFaultItStarts() {
        try (ConfigurableApplicationContext context = start(QueueInMemory.class)) {
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void aValueOutOfItsRange() {
        assertThat(failureOf("--posthaste.queue.in-flight=0"))
                .isEqualTo(
                        "posthaste: posthaste.queue.in-flight is 0, but must be from 3 to 100000.");
    }

    @Test
    void aValueThatCannotBeRead() {
        assertThat(failureOf("--posthaste.queue.drain=soon"))
                .isEqualTo(
                        "posthaste: posthaste.queue.drain is 'soon', but must be a duration, as"
                                + " 500ms, 30s, 5m, 4h or 5d.");
        assertThat(failureOf("--posthaste.body.segment-size=big"))
                .isEqualTo(
                        "posthaste: posthaste.body.segment-size is 'big', but must be a size, as"
                                + " 512KB, 64MB or 2GB.");
        assertThat(failureOf("--posthaste.queue.partitions=many"))
                .isEqualTo(
                        "posthaste: posthaste.queue.partitions is 'many', but must be a whole"
                                + " number.");
        assertThat(failureOf("--posthaste.outbound.tls=always"))
                .isEqualTo(
                        "posthaste: posthaste.outbound.tls is 'always', but must be one of"
                                + " opportunistic, require, none.");
    }

    @Test
    void aPropertyThatDoesNotExist() {
        assertThat(failureOf("--posthaste.retry.tier=1m"))
                .isEqualTo(
                        "posthaste: posthaste.retry.tier is no property of Posthaste; see"
                                + " docs/configuration.md.");
    }

    @Test
    void aPortInUse() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(
                            failureOf(
                                    "--server.port=" + other.getLocalPort(),
                                    "--server.address=127.0.0.1"))
                    .isEqualTo("posthaste: Port " + other.getLocalPort() + " is already in use.");
        }
    }

    @Test
    void aValueOfSpringsOwnThatCannotBeRead() {
        assertThat(failureOf("--server.port=smtp"))
                .startsWith("posthaste: server.port is 'smtp'")
                .doesNotContain("\n");
    }

    @Test
    void aBodyFolderThatCannotBe() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");

        assertThat(failureOf("--posthaste.body.folders=" + file.resolve("bodies")))
                .startsWith("posthaste: posthaste.body.folders: ")
                .contains(file.toString())
                .doesNotContain("\n");
    }

    @Test
    void topicsThatPromiseLessThanConfigured() {
        assertThat(failureOf(QueueOfLessDurability.class))
                .isEqualTo("posthaste: topic mail.bounce has min.insync.replicas=1, wanted is 2");
    }

    @Test
    void aBrokerThatIsAway() throws Exception {
        int closed;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = gone.getLocalPort();
        }
        assertThat(
                        failureOf(
                                StartedService.class,
                                "--posthaste.kafka.bootstrap-servers=127.0.0.1:" + closed,
                                "--posthaste.queue.broker-wait=1s"))
                .isEqualTo(
                        "posthaste: No broker answered at posthaste.kafka.bootstrap-servers"
                                + " (127.0.0.1:"
                                + closed
                                + ") within posthaste.queue.broker-wait (1 s).");
    }

    /** What a script sees: one line, and a status that is not 0. */
    @Test
    void theProcessEndsWithStatusOne() throws Exception {
        Path errors = folder.resolve("stderr");
        Path output = folder.resolve("stdout");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                StartedService.class.getName(),
                                "--server.port=0",
                                "--posthaste.data-dir=" + folder,
                                "--posthaste.kafka.properties.sasl.jaas.config=top secret",
                                "--posthaste.queue.replication=many")
                        .redirectError(errors.toFile())
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isOne();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readAllLines(errors))
                .containsExactly(
                        "posthaste: posthaste.queue.replication is 'many', but must be a whole"
                                + " number.");
        assertThat(Files.readString(output)).doesNotContain("Exception", "\tat ", "top secret");
    }

    private String failureOf(String... arguments) {
        return failureOf(QueueInMemory.class, arguments);
    }

    private String failureOf(Class<?> queue, String... arguments) {
        PrintStream usual = System.err;
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
        try {
            assertThatThrownBy(() -> start(queue, arguments).close());
        } finally {
            System.setErr(usual);
        }
        return told.toString(StandardCharsets.UTF_8).strip();
    }

    private ConfigurableApplicationContext start(Class<?> queue, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--posthaste.data-dir=" + folder));
        all.addAll(Arrays.asList(arguments));
        if (all.stream().noneMatch(argument -> argument.startsWith("--server.port="))) {
            all.add("--server.port=0");
        }
        Class<?>[] sources =
                Stream.of(StartedService.class, queue).distinct().toArray(Class<?>[]::new);
        return new SpringApplication(sources).run(all.toArray(String[]::new));
    }
}
