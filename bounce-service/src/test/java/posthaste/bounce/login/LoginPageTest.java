package posthaste.bounce.login;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;

class LoginPageTest {

    @Test
    void whatAnybodyMaySayOfARefusalMakesNoLineOfItsOwnInTheLog() throws Exception {
        String words =
                "denied\r\n2026-11-22 ERROR all is lost\u001b[31m\u202e" + "x".repeat(10_000);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(LoginPage.class);
        log.addAppender(lines);
        lines.start();
        MockHttpServletResponse response = new MockHttpServletResponse();
        try {
            LoginPage.refused(
                    new MockHttpServletRequest(),
                    response,
                    new OAuth2AuthenticationException(
                            new OAuth2Error("access_denied", words, null)));
        } finally {
            log.detachAppender(lines);
        }

        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.getFirst().getFormattedMessage())
                .contains("denied", "all is lost")
                .doesNotContain("\r", "\n", "\u001b", "\u202e")
                .hasSizeLessThan(700);
        assertThat(response.getRedirectedUrl()).startsWith("/login");
    }
}
