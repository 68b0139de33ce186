package posthaste.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {
    private static final TopicPartition MAIL = new TopicPartition("mail", 0);

    @TempDir Path folder;

    @Test
    void recordsAndOffsetsOutliveARestart() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests())) {
            createTopic(broker.bootstrapServers(), 1);
            produce(broker.bootstrapServers(), "first", "second");
            commit(broker.bootstrapServers(), 1, "what above it is settled");
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests())) {
            try (KafkaConsumer<String, String> consumer = consumer(broker.bootstrapServers())) {
                consumer.assign(List.of(MAIL));
                OffsetAndMetadata committed = consumer.committed(Set.of(MAIL)).get(MAIL);
                assertThat(committed.offset()).isEqualTo(1);
                assertThat(committed.metadata()).isEqualTo("what above it is settled");
                consumer.seekToBeginning(List.of(MAIL));
                assertThat(read(consumer, 2)).containsExactly("first", "second");
            }
        }
    }

    @Test
    void acknowledgedRecordsOutliveAKilledProcess() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                BrokerProcess.class.getName(),
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader out = process.inputReader()) {
            String servers = out.readLine();
            createTopic(servers, 1);
            produce(servers, "first", "second");
            commit(servers, 1, "metadata");
        } finally {
            process.destroyForcibly().waitFor();
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
                KafkaConsumer<String, String> consumer = consumer(broker.bootstrapServers())) {
            consumer.assign(List.of(MAIL));
            assertThat(consumer.committed(Set.of(MAIL)).get(MAIL).offset()).isEqualTo(1);
            consumer.seekToBeginning(List.of(MAIL));
            assertThat(read(consumer, 2)).containsExactly("first", "second");
        }
    }

    @Test
    void promisesWhatNoLossRestsOn() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.durable())) {
            createTopic(broker.bootstrapServers(), 1);
            produce(broker.bootstrapServers(), "first");
            commit(broker.bootstrapServers(), 1, "");
            try (Admin admin = admin(broker.bootstrapServers())) {
                Config offsets = config(admin, ConfigResource.Type.TOPIC, "__consumer_offsets");
                assertThat(offsets.get("flush.messages").value()).isEqualTo("1");
                Config topic = config(admin, ConfigResource.Type.TOPIC, "mail");
                assertThat(topic.get("flush.messages").value()).isEqualTo("1");
                assertThat(topic.get("retention.ms").value()).isEqualTo("-1");
                assertThat(topic.get("retention.bytes").value()).isEqualTo("-1");
                Config node = config(admin, ConfigResource.Type.BROKER, "1");
                assertThat(node.get("offsets.retention.minutes").value())
                        .isEqualTo(Integer.toString(Integer.MAX_VALUE));
            }
        }
    }

    @Test
    void aTopicThatNobodyPlannedIsNotMade() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
                KafkaProducer<String, String> producer =
                        producer(broker.bootstrapServers(), Map.of("max.block.ms", "500"))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("misspelt", "x")).get())
                    .hasMessageContaining("misspelt");
            try (Admin admin = admin(broker.bootstrapServers())) {
                assertThat(admin.listTopics().names().get()).doesNotContain("misspelt");
            }
        }
    }

    @Test
    void aFolderInUseIsRefusedInOneSentence() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests())) {
            assertThat(broker.port()).isPositive();
            assertThatThrownBy(() -> EmbeddedBroker.start(folder, BrokerSettings.forTests()))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining(folder + " is in use by another running instance");
        }
    }

    @Test
    void aPortInUseIsRefusedInOneSentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            BrokerSettings settings = BrokerSettings.forTests().withPort(taken.getLocalPort());
            assertThatThrownBy(() -> EmbeddedBroker.start(folder, settings))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void aFolderThatIsAFileIsRefusedInOneSentence() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        assertThatThrownBy(() -> EmbeddedBroker.start(file, BrokerSettings.forTests()))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining(file + " is not writable");
    }

    @Test
    void aClusterServesOnWhileOneNodeIsAway() throws Exception {
        try (EmbeddedCluster cluster =
                EmbeddedCluster.start(folder, 3, BrokerSettings.forTests())) {
            createTopic(cluster.bootstrapServers(), 3);
            produce(cluster.bootstrapServers(), "first");
            cluster.stopNode(1);
            produce(cluster.bootstrapServers(), "second");
            cluster.startNode(1);
            cluster.stopNode(2);
            try (KafkaConsumer<String, String> consumer = consumer(cluster.bootstrapServers())) {
                consumer.assign(List.of(MAIL));
                consumer.seekToBeginning(List.of(MAIL));
                assertThat(read(consumer, 2)).containsExactly("first", "second");
            }
        }
    }

    private static Config config(Admin admin, ConfigResource.Type type, String name)
            throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(type, name);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource);
    }

    private static void createTopic(String servers, int replicas) throws Exception {
        try (Admin admin = admin(servers)) {
            admin.createTopics(List.of(new NewTopic("mail", 1, (short) replicas))).all().get();
        }
    }

    private static void produce(String servers, String... values) throws Exception {
        try (KafkaProducer<String, String> producer = producer(servers, Map.of())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>("mail", value)).get();
            }
        }
    }

    private static void commit(String servers, long offset, String metadata) {
        try (KafkaConsumer<String, String> consumer = consumer(servers)) {
            consumer.assign(List.of(MAIL));
            consumer.commitSync(Map.of(MAIL, new OffsetAndMetadata(offset, metadata)));
        }
    }

    private static Collection<String> read(KafkaConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInSameThread()
                .until(() -> {
                    for (ConsumerRecord<String, String> record :
                            consumer.poll(Duration.ofMillis(200))) {
                        values.add(record.value());
                    }
                    return values.size() >= count;
                });
        return values;
    }

    private static Admin admin(String servers) {
        return Admin.create(Map.of("bootstrap.servers", servers));
    }

    private static KafkaProducer<String, String> producer(
            String servers, Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", servers);
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(String servers) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "group.id", "readers"),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
