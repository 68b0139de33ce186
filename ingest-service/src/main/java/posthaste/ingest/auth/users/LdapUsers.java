package posthaste.ingest.auth.users;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.ldap.NamingException;
import org.springframework.ldap.core.DirContextOperations;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.ldap.authentication.BindAuthenticator;
import org.springframework.security.ldap.search.LdapUserSearch;
import posthaste.ingest.auth.sasl.ScramVerifier;
import posthaste.ingest.submitter.Login;

/**
 * Users of a directory: searched for by name, then bound as, by Spring Security's authenticator.
 * The directory keeps the hashes, so there is nothing for SCRAM.
 */
public final class LdapUsers implements UserSource {
    private final BindAuthenticator authenticator;
    private final LdapUserSearch search;
    private final String sendersAttribute;
    private final CachedLookups<Login> logins;
    private final Object state = new Object();

    /**
     * Asks as needed.
     *
     * @param search finds a user's entry; escapes what clients typed
     * @param authenticator binds as an entry that the search has found
     * @param sendersAttribute of the entry: addresses and domains from which the user may send
     * @param fresh how long an entry is not searched for again
     * @param outlast how long a user who was found counts as one while the directory is away
     */
    public LdapUsers(
            LdapUserSearch search,
            BindAuthenticator authenticator,
            String sendersAttribute,
            Duration fresh,
            Duration outlast,
            InstantSource clock) {
        this.search = search;
        this.authenticator = authenticator;
        this.sendersAttribute = sendersAttribute;
        this.logins = new CachedLookups<>("the directory", fresh, outlast, clock);
    }

    @Override
    public Optional<KnownUser> find(String name) throws UsersAwayException {
        return logins.find(name, () -> search(name)).map(login -> new Entry(name, login));
    }

    @Override
    public Object state() {
        return state;
    }

    private Optional<Login> search(String name) throws UsersAwayException {
        try {
            DirContextOperations entry = search.searchForUser(name);
            return Optional.of(new Login(name, senders(name, entry), Optional.empty()));
        } catch (UsernameNotFoundException _) {
            return Optional.empty();
        } catch (NamingException | AuthenticationException | IllegalStateException e) {
            throw away(e);
        }
    }

    private List<String> senders(String name, DirContextOperations entry) {
        List<String> senders = new ArrayList<>();
        String[] values = entry.getStringAttributes(sendersAttribute);
        for (String value : values == null ? new String[] {name} : values) {
            SenderPattern.parse(value).ifPresent(senders::add);
        }
        return senders;
    }

    private boolean binds(String name, String password) throws UsersAwayException {
        try {
            authenticator.authenticate(
                    UsernamePasswordAuthenticationToken.unauthenticated(name, password));
            return true;
        } catch (BadCredentialsException | UsernameNotFoundException _) {
            return false;
        } catch (NamingException | AuthenticationException | IllegalStateException e) {
            throw away(e);
        }
    }

    private static UsersAwayException away(RuntimeException e) {
        return new UsersAwayException("the directory cannot be asked: " + e.getMessage(), e);
    }

    /** One entry of the directory. */
    private final class Entry implements KnownUser {
        private final String name;
        private final Login login;

        Entry(String name, Login login) {
            this.name = name;
            this.login = login;
        }

        @Override
        public Login login() {
            return login;
        }

        @Override
        public Optional<ScramVerifier> scram() {
            return Optional.empty();
        }

        /** The directory's own hash; ours beside it, when it fails, as for a name nobody has. */
        @Override
        public boolean hasPassword(String password, Passwords passwords) throws UsersAwayException {
            if (binds(name, password)) {
                return true;
            }
            passwords.spend(name, password);
            return false;
        }
    }
}
