package posthaste.standalone.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class AddressesTest {
    private final MockEnvironment environment =
            new MockEnvironment()
                    .withProperty("local.server.port", "8080")
                    .withProperty("posthaste.smtp.port", "2525");

    @Test
    void theReadyLineNamesEverythingInOneLine() {
        assertThat(Addresses.of(environment, Path.of("/srv/data")).readyLine())
                .isEqualTo(
                        "Posthaste is ready: SMTP on 0.0.0.0:2525, web page http://127.0.0.1:8080/"
                                + " (user admin, password in /srv/data/admin-password),"
                                + " data in /srv/data.");
    }

    @Test
    void aPasswordThatWasGivenIsNotSaid() {
        environment.setProperty("POSTHASTE_ADMIN_PASSWORD", "sesame");

        assertThat(Addresses.of(environment, Path.of("/srv/data")).readyLine())
                .contains("(user admin, the password it was given)")
                .doesNotContain("sesame")
                .doesNotContain("admin-password");
    }

    @Test
    void anIpv6AddressIsInBrackets() {
        environment.setProperty("posthaste.smtp.address", "::");

        assertThat(Addresses.of(environment, Path.of("/srv/data")).smtp()).isEqualTo("[::]:2525");
    }
}
