package posthaste.ingest.auth.users;

import static posthaste.service.settings.Setting.between;
import static posthaste.service.settings.Setting.require;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Signed tokens (JWT) of one issuer, for OAUTHBEARER and XOAUTH2.
 *
 * @param issuer exactly as the tokens have it; empty: no logins by token
 * @param jwks the issuer's public keys: an {@code https://} address, or a file
 * @param audience that a token must be for
 * @param nameClaim who its bearer is
 * @param sendersClaim from which addresses and domains he may send, a text or a list; without it:
 *     from his name, if that is an address
 * @param leeway for clocks that differ
 */
@ConfigurationProperties(prefix = "posthaste.jwt", ignoreUnknownFields = false)
public record JwtProperties(
        @DefaultValue("") String issuer,
        @DefaultValue("") String jwks,
        @DefaultValue("") String audience,
        @DefaultValue("email") String nameClaim,
        @DefaultValue("senders") String sendersClaim,
        @DefaultValue("30s") Duration leeway) {

    public JwtProperties {
        require("jwks", jwks, jwks.isEmpty() == issuer.isEmpty(), "given exactly when issuer is");
        require(
                "audience",
                audience,
                audience.isEmpty() == issuer.isEmpty(),
                "given exactly when issuer is: a token for others is none for us");
        between("leeway", leeway, Duration.ZERO, Duration.ofMinutes(10));
    }
}
