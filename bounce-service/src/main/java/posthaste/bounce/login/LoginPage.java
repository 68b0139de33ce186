package posthaste.bounce.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import posthaste.bounce.login.WebProperties.Oidc;
import posthaste.mail.text.VisibleText;

/** The one page that everybody sees. */
@Controller
public class LoginPage {
    static final String PATH = "/login";
    private static final Logger LOG = LoggerFactory.getLogger(LoginPage.class);

    /** Characters of what went wrong, in the log. */
    private static final int TOLD = 500;

    private static final Map<String, String> REASONS =
            Map.of(
                    OidcRoles.NO_ROLE,
                    "You are known, but no role here was given to you. Ask whoever runs Posthaste.",
                    OidcProvider.AWAY,
                    "The other login does not answer just now. Local users can log in all the"
                            + " same.");

    private final Oidc oidc;

    LoginPage(WebProperties properties) {
        this.oidc = properties.oidc();
    }

    @GetMapping(PATH)
    String login(
            @RequestParam(required = false) @Nullable String wrong,
            @RequestParam(required = false) @Nullable String bye,
            @RequestParam(required = false) @Nullable String foreign,
            Model model) {
        if (oidc.isGiven()) {
            model.addAttribute("provider", oidc.name());
            model.addAttribute("providerPath", "/oauth2/authorization/" + OidcProvider.ID);
        }
        if (wrong != null) {
            model.addAttribute("problem", "Wrong user or password.");
        } else if (foreign != null) {
            model.addAttribute(
                    "problem",
                    REASONS.getOrDefault(
                            foreign, "The other login did not let you in. Try again."));
        } else if (bye != null) {
            model.addAttribute("bye", true);
        }
        return "login";
    }

    /** Back to the page from the provider, with a word on why that led nowhere. */
    static void refused(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
            throws IOException {
        // Whoever calls the address to come back to chooses these words.
        String words = VisibleText.of(why.toString());
        LOG.warn(
                "a login by OpenID Connect was refused: {}",
                words.length() > TOLD ? words.substring(0, TOLD) + "…" : words);
        String code = "";
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            if (cause instanceof OAuth2AuthenticationException e) {
                code = e.getError().getErrorCode();
            }
        }
        response.sendRedirect(
                request.getContextPath()
                        + PATH
                        + "?foreign="
                        + (REASONS.containsKey(code) ? code : "refused"));
    }
}
