package posthaste.service.suppression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.envelope.Stream;

class SuppressionKeyTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\0',
            value = {
                "bob@example.org, bob@example.org",
                "Bob@EXAMPLE.org, bob@example.org",
                "\"bob\"@example.org, bob@example.org",
                "\"b\\ob\"@example.org, bob@example.org",
                "\"b ob\"@example.org, b ob@example.org",
                "bob+News@example.org, bob+news@example.org",
                "b.ob@example.org, b.ob@example.org",
                "jürgen@MÜNCHEN.example, jürgen@xn--mnchen-3ya.example",
                "JU\u0308RGEN@münchen.example, jürgen@xn--mnchen-3ya.example",
                "bob@[192.0.2.1], bob@[192.0.2.1]"
            })
    void addressesOfOneMailboxHaveOneKey(String address, String normalised) {
        assertThat(SuppressionKey.normalised(EmailAddress.of(address))).isEqualTo(normalised);
    }

    @Test
    void aKeyIsReadAsItIsWritten() throws Exception {
        SuppressionKey all = SuppressionKey.of(Optional.empty(), EmailAddress.of("Bob@X.org"));
        SuppressionKey bulk =
                SuppressionKey.of(
                        Optional.of(new Stream("bulk")), EmailAddress.of("\"a:b\"@x.org"));
        assertThat(all).hasToString("*:bob@x.org");
        assertThat(SuppressionKey.parse(all.toString())).isEqualTo(all);
        assertThat(SuppressionKey.parse(bulk.toString())).isEqualTo(bulk);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bob@x.org", ":bob@x.org", "No:bob@x.org", "**:bob@x.org"})
    void whatIsNoKeyIsRefused(String text) {
        assertThatThrownBy(() -> SuppressionKey.parse(text))
                .isInstanceOf(InvalidAddressException.class);
    }
}
