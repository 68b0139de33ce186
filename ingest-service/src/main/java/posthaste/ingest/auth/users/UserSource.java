package posthaste.ingest.auth.users;

import java.util.Optional;
import posthaste.ingest.auth.sasl.ScramVerifier;
import posthaste.ingest.submitter.Login;

/** One place where users are kept. The first that knows a name has the only word on it. */
public interface UserSource {

    /**
     * Looks a user up.
     *
     * @param name as {@link UserName} makes it
     * @throws UsersAwayException when it cannot be asked, and has not been asked lately
     */
    Optional<KnownUser> find(String name) throws UsersAwayException;

    /** Changes whenever what was known may no longer hold. */
    Object state();

    /** A user of some source. */
    interface KnownUser {
        /** What the user is and may do. */
        Login login();

        /** Against which the password is proven; empty where none is kept. */
        Optional<ScramVerifier> scram();

        /**
         * Whether it is the password. Computes one hash, whatever the password.
         *
         * @throws UsersAwayException when it cannot be checked now
         */
        boolean hasPassword(String password, Passwords passwords) throws UsersAwayException;
    }
}
