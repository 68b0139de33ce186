package posthaste.outbound.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.body.BodyWriter;
import posthaste.body.CorruptBodyException;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
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

class BodyRelocationTest {
    private static final Instant ACCEPTED = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant SOON = ACCEPTED.plus(BodyBounds.DEFAULT.primary());
    private static final Instant LATE = SOON.plusMillis(1);
    private static final int SMALL = 5000;
    private static final int LARGE = 3 * 1024 * 1024;

    private final MemoryBudget budget = new MemoryBudget(64 * 1024 * 1024);
    private Instant now = ACCEPTED;
    private final MemoryBodyStore store =
            new MemoryBodyStore(budget, Long.MAX_VALUE, () -> now, Duration.ofMinutes(10));
    private final BodyRelocation relocation = new BodyRelocation(store);
    private final EncodedEnvelope envelope =
            EncodedEnvelope.of(
                    new Envelope(
                            MailId.derived(ACCEPTED, "a test"),
                            new Stream("transactional"),
                            ReversePath.NULL,
                            List.of(new Recipient(EmailAddress.of("a@x.org"))),
                            Ret.NOT_GIVEN,
                            Optional.empty(),
                            BodyType.SEVEN_BIT,
                            false,
                            Client.LOCAL,
                            Optional.empty()));

    @Test
    void aRecordThatIsDueWhileTheBodyIsYoungNamesItWhereItIs() throws Exception {
        BodyRef body = stored(Generation.PRIMARY, SMALL);

        assertThat(relocation.bodyFor(envelope, body, SOON)).isEqualTo(body);
        assertThat(store.count()).isOne();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, SMALL, LARGE})
    void aRecordThatIsDueLaterNamesACopy(int length) throws Exception {
        BodyRef body = stored(Generation.PRIMARY, length);

        BodyRef copy = relocation.bodyFor(envelope, body, LATE);

        assertThat(copy.key()).startsWith("deferred/");
        assertThat(read(copy)).isEqualTo(read(body));
        assertThat(store.envelope(copy)).isEqualTo(envelope.toByteArray());
        assertThat(budget.used()).as("memory is given back").isZero();
    }

    @Test
    void aBodyThatWasCopiedIsNotCopiedAgainForADay() throws Exception {
        now = ACCEPTED.plus(Duration.ofDays(3));
        BodyRef body = stored(Generation.DEFERRED, SMALL);

        assertThat(relocation.bodyFor(envelope, body, now.plus(Duration.ofDays(1))))
                .isEqualTo(body);
    }

    @Test
    void aMailThatIsHeldBackForLongKeepsItsBodyByACopyEachDay() throws Exception {
        BodyRef body = stored(Generation.DEFERRED, SMALL);
        Instant due = now.plus(Duration.ofDays(1)).plusSeconds(1);
        now = due.minusSeconds(3600);

        BodyRef copy = relocation.bodyFor(envelope, body, due);

        assertThat(copy).isNotEqualTo(body);
        assertThat(copy.key()).startsWith("deferred/");
        assertThat(relocation.bodyFor(envelope, copy, due)).isEqualTo(copy);
    }

    @Test
    void aDeadLettersBodyIsNamedByNoMailOnItsWay() throws Exception {
        BodyRef body = stored(Generation.DEAD_LETTER, SMALL);

        assertThat(relocation.bodyFor(envelope, body, ACCEPTED).key()).startsWith("deferred/");
    }

    @Test
    void theBoundIsAsConfigured() throws Exception {
        BodyRelocation shorter =
                new BodyRelocation(
                        store, new BodyBounds(Duration.ofSeconds(5), Duration.ofSeconds(20)));
        BodyRef body = stored(Generation.PRIMARY, SMALL);

        assertThat(shorter.bodyFor(envelope, body, ACCEPTED.plusSeconds(5))).isEqualTo(body);
        assertThat(shorter.bodyFor(envelope, body, ACCEPTED.plusSeconds(6)).key())
                .startsWith("deferred/");
    }

    @Test
    void aStoreThatIsAwayIsNotTheMailsFault() throws Exception {
        BodyRef body = stored(Generation.PRIMARY, SMALL);
        store.setAvailable(false);

        assertThatThrownBy(() -> relocation.bodyFor(envelope, body, LATE))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void aFullStoreIsNotTheMailsFaultEither() throws Exception {
        MemoryBodyStore full = new MemoryBodyStore(budget, SMALL + 100);
        BodyRef body = stored(full, Generation.PRIMARY, SMALL);

        assertThatThrownBy(() -> new BodyRelocation(full).bodyFor(envelope, body, LATE))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(full.count()).isOne();
    }

    @Test
    void aMissingBodyIsPoison() throws Exception {
        BodyRef body = stored(Generation.PRIMARY, SMALL);
        store.lose(body);

        assertThatThrownBy(() -> relocation.bodyFor(envelope, body, LATE))
                .isInstanceOf(MissingBodyException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void aDamagedBodyIsPoisonAndLeavesNoCopy(int length) throws Exception {
        BodyRef body = stored(Generation.PRIMARY, length);
        store.damage(body);

        assertThatThrownBy(() -> relocation.bodyFor(envelope, body, LATE))
                .isInstanceOf(CorruptBodyException.class);
        assertThat(store.count()).isOne();
        assertThat(budget.used()).isZero();
    }

    @Test
    void anInterruptedCopyLeavesNothing() throws Exception {
        BodyRef body = stored(Generation.PRIMARY, SMALL);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> relocation.bodyFor(envelope, body, LATE))
                .isInstanceOf(InterruptedException.class);
        assertThat(store.count()).isOne();
        assertThat(budget.used()).isZero();
    }

    private BodyRef stored(Generation generation, int length) throws Exception {
        return stored(store, generation, length);
    }

    private static BodyRef stored(MemoryBodyStore store, Generation generation, int length)
            throws Exception {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        try (BodyWriter writer = store.begin(generation, Duration.ZERO)) {
            writer.write(bytes, 0, length);
            return writer.commit("a test", new byte[0], Duration.ofSeconds(1));
        }
    }

    private byte[] read(BodyRef ref) throws Exception {
        try (StoredBody body = store.open(ref)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            body.writeTo(out);
            return out.toByteArray();
        }
    }
}
