package posthaste.standalone.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class AddressesTest {
    private final MockEnvironment environment =
            new MockEnvironment().withProperty("local.server.port", "8080");

    @Test
    void theReadyLineNamesEverythingInOneLine() {
        assertThat(addresses("0.0.0.0:2525").readyLine())
                .isEqualTo(
                        "Posthaste is ready: SMTP on 0.0.0.0:2525, web page http://127.0.0.1:8080/"
                                + " (user admin, password in /srv/data/admin-password),"
                                + " data in /srv/data.");
    }

    @Test
    void aPasswordThatWasGivenIsNotSaid() {
        environment.setProperty("POSTHASTE_ADMIN_PASSWORD", "sesame");

        assertThat(addresses("0.0.0.0:2525").readyLine())
                .contains("(user admin, the password it was given)")
                .doesNotContain("sesame")
                .doesNotContain("admin-password");
    }

    @Test
    void everyListenerIsNamed() {
        assertThat(addresses("0.0.0.0:25 (mx), [::]:465 (submissions)").readyLine())
                .contains("SMTP on 0.0.0.0:25 (mx), [::]:465 (submissions), web page");
    }

    private Addresses addresses(String smtp) {
        return Addresses.of(environment, smtp, 2525, Path.of("/srv/data"));
    }
}
