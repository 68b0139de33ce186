package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.Transaction;
import tools.jackson.databind.JsonNode;

/**
 * What the commands do about damage: a damaged body is named, its record dead-lettered and put
 * back; and what a repair removes is garbage alone.
 */
@Tag("full")
class FsckIT {
    private static final String RECIPIENT = "late@fsck.example";
    private static final String TEXT = "The text of the mail.";
    private static final String DAMAGED = TEXT.replace("text", "tExt");
    private static final String KEPT_RECIPIENT = "kept@fsck.example";
    private static final String KEPT_TEXT = "This one is still queued.";
    private static final String OUTBOUND = "mail.outbound.transactional";

    /** The groups of delivery and of the log's acceptances: both read what is outbound. */
    private static final int READERS = 2;

    @TempDir private Path temp;

    @Test
    void aDamagedBodyIsNamedItsRecordPutBackOnceWholeAndOnlyGarbageRemoved() throws Exception {
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
                RunningPosthaste posthaste =
                        RunningPosthaste.on(temp.resolve("data"))
                                .relayingTo(peer.hostAndPort())
                                .with("posthaste.retry.tiers", "5s")
                                .with("posthaste.body.slot", "1s")
                                .start()) {
            String id = acceptAndDefer(posthaste, peer, RECIPIENT, TEXT);
            // A fresh body is in memory: what the disk has is read after a restart.
            posthaste.stop();
            Path segment = segmentWith(TEXT);
            replace(segment, TEXT, DAMAGED);

            Command checked = posthaste("fsck", "--json");
            assertThat(checked.status()).as(checked.toString()).isEqualTo(3);
            JsonNode store = checked.json().get("store");
            assertThat(store.get("damaged").asInt()).isEqualTo(1);
            assertThat(store.get("missing").asInt()).isZero();
            assertThat(store.get("lost").toString()).contains(id, "mail.deferred.5s");

            posthaste.restart();
            appendUnreadable();
            await().atMost(180, SECONDS)
                    .until(() -> posthaste.rest().audit().get("deadLettered").asInt() == 1);
            List<JsonNode> letters = awaitLetters(1 + READERS);
            JsonNode letter = only(letters, id);
            assertThat(letter.get("origin").asString()).startsWith("mail.deferred.5s-");
            assertThat(letter.get("bodyNote").asString()).as("why no copy").isNotEmpty();
            assertUnreadable(letters);
            String letterId = letter.get("id").asString();
            Command shown = posthaste("dead-letter", "show", letterId);
            assertThat(shown.status()).as(shown.toString()).isZero();
            assertThat(shown.out())
                    .contains(
                            "stood on: " + letter.get("origin").asString(),
                            "reason:   " + letter.get("reason").asString(),
                            RECIPIENT);

            Command stays = posthaste("dead-letter", "put-back", letterId);
            assertThat(stays.status()).as(stays.toString()).isEqualTo(3);
            assertThat(stays.out()).contains(letterId + " stays: its body is missing or damaged");

            peer.forgetRules();
            replace(segment, DAMAGED, TEXT);
            Command putBack = posthaste("dead-letter", "put-back", letterId);
            assertThat(putBack.status()).as(putBack.toString()).isZero();
            awaitDelivered(posthaste, id, RECIPIENT);
            assertUnreadable(awaitLetters(READERS));

            String kept = acceptAndDefer(posthaste, peer, KEPT_RECIPIENT, KEPT_TEXT);
            posthaste.stop();
            segments().forEach(FsckIT::makeOld);
            Path keptSegment = segmentWith(KEPT_TEXT);
            Command repaired = posthaste("fsck", "--repair", "--json");
            assertThat(repaired.status()).as(repaired.toString()).isZero();
            assertThat(repaired.json().get("store").get("removed").asInt()).isPositive();
            assertThat(segment).doesNotExist();
            assertThat(keptSegment).exists();

            peer.forgetRules();
            posthaste.restart();
            awaitDelivered(posthaste, kept, KEPT_RECIPIENT);
            assertThat(peer.accepted())
                    .extracting(FsckIT::recipientAndText)
                    .containsExactly(
                            recipientAndText(RECIPIENT, TEXT),
                            recipientAndText(KEPT_RECIPIENT, KEPT_TEXT));
        }
    }

    private static String acceptAndDefer(
            RunningPosthaste posthaste, ScriptedSmtpPeer peer, String recipient, String text) {
        peer.onRcpt(recipient).reply("451 4.7.1 come back later");
        String id =
                posthaste.accept(
                        "from@sender.example",
                        List.of(recipient),
                        ("Subject: fsck\r\n\r\n" + text + "\r\n").getBytes(UTF_8));
        await().atMost(180, SECONDS)
                .until(() -> posthaste.rest().message(id).toString().contains("451"));
        return id;
    }

    private static void awaitDelivered(RunningPosthaste posthaste, String id, String recipient) {
        await().atMost(180, SECONDS)
                .untilAsserted(() ->
                        assertThat(posthaste.rest().finals(id))
                                .containsEntry(recipient, "delivered"));
    }

    private static String recipientAndText(Transaction mail) {
        String[] parts = mail.messageText().split("\r\n\r\n", 2);
        return recipientAndText(String.join(" ", mail.recipients()), parts[1].strip());
    }

    private static String recipientAndText(String recipient, String text) {
        return recipient + ": " + text;
    }

    private Command posthaste(String... arguments) {
        return Command.run(
                temp,
                Stream.concat(Stream.of(arguments), Stream.of("--data-dir=" + temp.resolve("data")))
                        .toArray(String[]::new));
    }

    private List<JsonNode> awaitLetters(int count) {
        return await().atMost(180, SECONDS)
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        () -> {
                            Command listed = posthaste("dead-letter", "list", "--json");
                            assertThat(listed.status()).as(listed.toString()).isIn(0, 3);
                            JsonNode letters = listed.json().get("deadLetters");
                            return StreamSupport.stream(letters.spliterator(), false).toList();
                        },
                        letters -> letters.size() == count);
    }

    private static JsonNode only(List<JsonNode> letters, String mailId) {
        List<JsonNode> found =
                letters.stream()
                        .filter(letter -> letter.get("mailId").asString().equals(mailId))
                        .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static void assertUnreadable(List<JsonNode> letters) {
        assertThat(letters)
                .filteredOn(letter -> letter.get("mailId").asString().isEmpty())
                .hasSize(READERS)
                .allSatisfy(letter -> {
                    assertThat(letter.get("origin").asString()).startsWith(OUTBOUND + "-");
                    assertThat(letter.get("reason").asString())
                            .isEqualTo("the record is not of our format");
                });
    }

    /** What no version of ours wrote, straight to the broker of the running process. */
    private void appendUnreadable() throws Exception {
        Properties notes = new Properties();
        try (Reader reader = Files.newBufferedReader(temp.resolve("data/posthaste.run"))) {
            notes.load(reader);
        }
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        notes.getProperty("posthaste.kafka.bootstrap-servers"),
                        "acks",
                        "all");
        try (var producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(OUTBOUND, new byte[] {(byte) 0xff, 7})).get();
        }
    }

    private Path segmentWith(String text) throws IOException {
        for (Path file : segments()) {
            if (Files.readString(file, ISO_8859_1).contains(text)) {
                return file;
            }
        }
        throw new AssertionError("no segment holds: " + text);
    }

    private static void replace(Path segment, String was, String is) throws IOException {
        String bytes = Files.readString(segment, ISO_8859_1);
        assertThat(bytes).contains(was);
        Files.writeString(segment, bytes.replace(was, is), ISO_8859_1);
    }

    /** Older than what fsck takes for a body whose record is still to come. */
    private static void makeOld(Path segment) {
        try {
            FileTime modified = Files.getLastModifiedTime(segment);
            Files.setLastModifiedTime(
                    segment, FileTime.from(modified.toInstant().minus(Duration.ofHours(2))));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> all = Files.walk(temp.resolve("data/bodies"))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList();
        }
    }
}
