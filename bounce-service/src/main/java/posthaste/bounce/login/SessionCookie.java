package posthaste.bounce.login;

import java.time.Duration;
import java.util.Set;
import org.springframework.boot.web.server.Cookie;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.boot.web.server.servlet.Session.SessionTrackingMode;

/**
 * How the session is kept: in a cookie that no script reads, and that comes along when the provider
 * of a login sends somebody back to us, but with no form of another site.
 */
final class SessionCookie
        implements WebServerFactoryCustomizer<ConfigurableServletWebServerFactory> {
    private final Duration idle;

    SessionCookie(Duration idle) {
        this.idle = idle;
    }

    @Override
    public void customize(ConfigurableServletWebServerFactory server) {
        var session = server.getSettings().getSession();
        session.setTimeout(idle);
        session.setTrackingModes(Set.of(SessionTrackingMode.COOKIE));
        session.getCookie().setName("posthaste");
        session.getCookie().setHttpOnly(true);
        session.getCookie().setSameSite(Cookie.SameSite.LAX);
    }
}
