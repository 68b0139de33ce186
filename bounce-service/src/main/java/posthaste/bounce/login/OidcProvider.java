package posthaste.bounce.login;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import posthaste.bounce.login.WebProperties.Oidc;

/**
 * The provider, as it describes itself; asked when somebody first wants to log in by it, so that we
 * start without it.
 */
final class OidcProvider implements ClientRegistrationRepository {
    /** Also the end of the address to which people come back. */
    static final String ID = "oidc";

    static final String AWAY = "provider_away";
    private static final Logger LOG = LoggerFactory.getLogger(OidcProvider.class);

    private final Oidc oidc;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable ClientRegistration known;

    OidcProvider(Oidc oidc) {
        this.oidc = oidc;
    }

    @Override
    public @Nullable ClientRegistration findByRegistrationId(String id) {
        if (!id.equals(ID)) {
            return null;
        }
        ClientRegistration before = known;
        if (before != null) {
            return before;
        }
        asking.lock();
        try {
            ClientRegistration meanwhile = known;
            ClientRegistration asked = meanwhile == null ? ask() : meanwhile;
            known = asked;
            return asked;
        } catch (IllegalArgumentException | IllegalStateException e) {
            LOG.warn("the OpenID Connect provider {} does not say how to log in", oidc.issuer(), e);
            throw new OAuth2AuthenticationException(new OAuth2Error(AWAY), e);
        } finally {
            asking.unlock();
        }
    }

    private ClientRegistration ask() {
        return ClientRegistrations.fromIssuerLocation(oidc.issuer())
                .registrationId(ID)
                .clientName(oidc.name())
                .clientId(oidc.clientId())
                .clientSecret(oidc.clientSecret())
                .clientAuthenticationMethod(
                        oidc.clientSecret().isEmpty()
                                ? ClientAuthenticationMethod.NONE
                                : ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .scope(oidc.scopes())
                .build();
    }
}
