package posthaste.service.verp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import posthaste.mail.address.EmailAddress;
import posthaste.service.settings.RecordUnderTest;

class InboundPropertiesTest {
    private final RecordUnderTest<InboundProperties> properties =
            new RecordUnderTest<>(InboundProperties.class);

    @Test
    void byDefaultNothingComesInAndSendersGetTheirReports() {
        EmailAddress sender = EmailAddress.of("app@sender.example");
        InboundProperties defaults = properties.defaults();
        assertThat(defaults.hasAddresses()).isFalse();
        assertThat(defaults.forwardTo(Optional.of(sender))).contains(sender);
        assertThat(defaults.forwardTo(Optional.empty())).isEmpty();
        assertThat(defaults.unmatchedTo()).isEmpty();
    }

    @Test
    void everyPropertyIsMapped() throws Exception {
        properties.mapsEveryPropertyOf(
                Map.of(
                        "complaints", "FBL@Example.org",
                        "reports", "a@example.org,b@example.org",
                        "max-message-size", "1MB",
                        "forward", "none",
                        "unmatched", "lost@example.org",
                        "in-flight", "4"),
                new InboundProperties(
                        List.of("fbl@example.org"),
                        List.of("a@example.org", "b@example.org"),
                        DataSize.ofMegabytes(1),
                        "none",
                        "lost@example.org",
                        4));
    }

    @Test
    void wrongValuesAreRefused() {
        String addresses = ", but must be a list of addresses.";
        properties.refuses("complaints", "fbl", "is 'fbl'" + addresses);
        properties.refuses("reports", "a@example.org,@", "is '@'" + addresses);
        properties.refuses("max-message-size", "1KB", "is 1KB, but must be from 16KB to 1GB.");
        properties.refuses(
                "forward", "nobody", "is 'nobody', but must be sender, none or an address.");
        properties.refuses("unmatched", "lost", "is 'lost', but must be an address, or empty.");
        properties.refuses("in-flight", "0", "is 0, but must be from 1 to 10000.");
    }
}
