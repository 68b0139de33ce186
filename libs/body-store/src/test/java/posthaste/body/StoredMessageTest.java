package posthaste.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.body.memory.MemoryBodyStore;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;

class StoredMessageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String FIELDS = "Date: Sun, 22 Nov 2026 10:00:00 +0000\r\n";

    private final MemoryBudget budget = new MemoryBudget(1 << 20);
    private final MemoryBodyStore store = new MemoryBodyStore(budget);

    @Test
    void theAddedFieldsStandAboveTheBody() throws Exception {
        BodyRef body = store("Subject: x\r\n\r\nhello\r\n");
        assertThat(read(body, FIELDS)).isEqualTo(FIELDS + "Subject: x\r\n\r\nhello\r\n");
        assertThat(read(body, "")).isEqualTo("Subject: x\r\n\r\nhello\r\n");
    }

    @Test
    void itGivesBackTheMemoryOfItsBody() throws Exception {
        BodyRef body = store("Subject: x\r\n");
        long before = budget.used();
        read(body, FIELDS);
        assertThat(budget.used()).isEqualTo(before);
    }

    @Test
    void aMissingBodyIsMissingAlsoWithAddedFields() throws Exception {
        BodyRef body = store("Subject: x\r\n");
        store.lose(body);
        assertThatThrownBy(() -> read(body, FIELDS)).isInstanceOf(MissingBodyException.class);
    }

    @Test
    void aCopyInAnotherGenerationIsTheSameMessage() throws Exception {
        BodyRef body = store("Subject: x\r\n\r\nhello\r\n");
        EncodedEnvelope envelope = EncodedEnvelope.of(envelope(FIELDS));
        BodyRef copy = new BodyCopier(store).copy(body, envelope, Generation.DEFERRED);
        assertThat(read(copy, FIELDS)).isEqualTo(read(body, FIELDS));
        assertThat(EncodedEnvelope.read(store.envelope(copy)).envelope().addedFields())
                .isEqualTo(FIELDS);
    }

    private String read(BodyRef body, String fields) throws Exception {
        try (StoredMessage message = StoredMessage.open(store, body, envelope(fields))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            message.writeTo(out);
            assertThat(message.length()).isEqualTo(out.size());
            return out.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private BodyRef store(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        try (BodyWriter writer = store.begin(Generation.PRIMARY, PATIENCE)) {
            writer.write(bytes, 0, bytes.length);
            return writer.commit("test", new byte[0], PATIENCE);
        }
    }

    private static Envelope envelope(String fields) throws Exception {
        return new Envelope(
                        MailId.derived(Instant.parse("2026-11-22T10:00:00Z"), "test"),
                        new Stream("transactional"),
                        ReversePath.parse("a@example.org"),
                        List.of(new Recipient(EmailAddress.of("b@example.org"))),
                        Ret.NOT_GIVEN,
                        Optional.empty(),
                        BodyType.SEVEN_BIT,
                        false,
                        Client.LOCAL,
                        Optional.empty())
                .withMessage(Optional.empty(), fields);
    }
}
