package posthaste.ingest.auth.users;

import java.util.Optional;
import posthaste.ingest.submitter.Login;

/** Whom a bearer token names. */
@FunctionalInterface
public interface TokenLogins {

    /**
     * Reads a token.
     *
     * @return empty when it is expired, forged, or not for us
     * @throws UsersAwayException when its issuer's keys cannot be had now
     */
    Optional<Login> withToken(String token) throws UsersAwayException;
}
