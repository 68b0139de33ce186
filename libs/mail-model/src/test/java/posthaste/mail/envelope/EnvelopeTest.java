package posthaste.mail.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;

class EnvelopeTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:30:00Z");
    private static final Recipient ONE = new Recipient(EmailAddress.of("one@example.org"));
    private static final Recipient TWO = new Recipient(EmailAddress.of("two@example.org"));

    @Test
    void anEnvelopeForSomeIsTheSameMail() {
        Envelope both = envelope(List.of(ONE, TWO));
        Envelope one = both.to(List.of(TWO));
        assertThat(one.id()).isEqualTo(both.id());
        assertThat(one.recipients()).containsExactly(TWO);
        assertThat(one.to(both.recipients())).isEqualTo(both);
        assertThat(one.acceptedAt()).isEqualTo(NOW);
    }

    @Test
    void anEnvelopeHasARecipient() {
        assertThatIllegalArgumentException().isThrownBy(() -> envelope(List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bulk", "1st", "a b", "mail.outbound", "-x"})
    void aStreamIsNamedSoThatATopicCanBe(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Stream(name));
        assertThatIllegalArgumentException().isThrownBy(() -> new Stream("x".repeat(33)));
        assertThat(new Stream("bulk-2")).hasToString("bulk-2");
    }

    private static Envelope envelope(List<Recipient> recipients) {
        return new Envelope(
                MailId.derived(NOW, "test"),
                new Stream("transactional"),
                ReversePath.NULL,
                recipients,
                Ret.FULL,
                Optional.of("envid"),
                BodyType.EIGHT_BIT_MIME,
                true,
                Client.LOCAL,
                Optional.of("<m@example.org>"));
    }
}
