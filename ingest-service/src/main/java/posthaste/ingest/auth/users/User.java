package posthaste.ingest.auth.users;

import java.util.Optional;
import posthaste.ingest.auth.sasl.ScramVerifier;
import posthaste.ingest.submitter.Login;

/**
 * A user whose secrets we keep.
 *
 * @param hash of the password, as {@code {bcrypt}$2a$10$...}
 * @param scram of the same password
 */
public record User(Login login, Optional<String> hash, Optional<ScramVerifier> scram)
        implements UserSource.KnownUser {

    @Override
    public boolean hasPassword(String password, Passwords passwords) throws UsersAwayException {
        if (hash.isPresent()) {
            return passwords.matches(password, hash.get());
        }
        if (scram.isPresent()) {
            ScramVerifier verifier = scram.get();
            return passwords.counted(() -> verifier.fits(password));
        }
        passwords.spend(login.name(), password);
        return false;
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "User[" + login.name() + "]";
    }
}
