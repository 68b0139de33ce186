package posthaste.bounce.deliverylog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvidersTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "gmail-smtp-in.l.google.com, google.com",
                "MX1.Example.ORG, example.org",
                "mail.example.co.uk, example.co.uk",
                "example.co.uk, example.co.uk",
                "co.uk, co.uk",
                "mx.web.de, web.de",
                "example.org, example.org",
                "192.0.2.1, none",
                "localhost, none",
                "mx..example.org, none",
                "2001:db8::1, none",
            })
    void aHostsNameTellsItsProvider(String host, String provider) {
        assertThat(Providers.of(host).orElse(null)).isEqualTo(provider);
    }
}
