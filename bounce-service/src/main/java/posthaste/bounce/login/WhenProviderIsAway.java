package posthaste.bounce.login;

import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;

/** Leads people back to the login page when the way to the provider cannot even begin. */
final class WhenProviderIsAway
        implements ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter> {
    @Override
    public <T extends OAuth2AuthorizationRequestRedirectFilter> T postProcess(T way) {
        way.setAuthenticationFailureHandler(LoginPage::refused);
        return way;
    }
}
