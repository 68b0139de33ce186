package posthaste.ingest.auth.users;

import java.util.List;
import java.util.Optional;
import posthaste.ingest.auth.sasl.DecoyVerifiers;
import posthaste.ingest.auth.sasl.ScramVerifier;
import posthaste.ingest.auth.users.UserSource.KnownUser;
import posthaste.ingest.submitter.Login;

/** All users, wherever they are kept. */
public final class Users {
    private final List<UserSource> sources;
    private final Passwords passwords;
    private final LoginCache cache;
    private final DecoyVerifiers decoys;

    /**
     * Takes the sources.
     *
     * @param sources in the order in which they are asked
     */
    public Users(
            List<UserSource> sources,
            Passwords passwords,
            LoginCache cache,
            DecoyVerifiers decoys) {
        this.sources = List.copyOf(sources);
        this.passwords = passwords;
        this.cache = cache;
        this.decoys = decoys;
    }

    /** Whether there is anyone who could log in by a password. */
    public boolean hasSources() {
        return !sources.isEmpty();
    }

    /**
     * Who has this name and this password. Whether there is no such user or the password is
     * another: exactly one hash is computed.
     *
     * @throws UsersAwayException when a source that may know the name cannot be asked
     */
    public Optional<Login> withPassword(String typed, String password) throws UsersAwayException {
        Optional<String> name = UserName.canonical(typed);
        if (name.isEmpty() || password.isEmpty()) {
            passwords.spend(name.orElse(""), password);
            return Optional.empty();
        }
        for (UserSource source : sources) {
            Object state = source.state();
            Optional<Login> lately = cache.find(name.get(), password, state);
            if (lately.isPresent()) {
                return lately;
            }
            try {
                Optional<KnownUser> user = source.find(name.get());
                if (user.isPresent()) {
                    return checked(name.get(), password, user.get(), state);
                }
            } catch (UsersAwayException e) {
                return Optional.of(
                        cache.findLast(name.get(), password, state).orElseThrow(() -> e));
            }
        }
        passwords.spend(name.get(), password);
        return Optional.empty();
    }

    private Optional<Login> checked(String name, String password, KnownUser user, Object state)
            throws UsersAwayException {
        if (!user.hasPassword(password, passwords)) {
            return Optional.empty();
        }
        cache.put(name, password, user.login(), state);
        return Optional.of(user.login());
    }

    /**
     * A user by name.
     *
     * @throws UsersAwayException when a source that may know the name cannot be asked
     */
    public Optional<KnownUser> named(String typed) throws UsersAwayException {
        Optional<String> name = UserName.canonical(typed);
        if (name.isPresent()) {
            for (UserSource source : sources) {
                Optional<KnownUser> user = source.find(name.get());
                if (user.isPresent()) {
                    return user;
                }
            }
        }
        return Optional.empty();
    }

    /** Against which a name's password is proven; a decoy for who has none. */
    public ScramVerifier scram(String typed) throws UsersAwayException {
        return named(typed)
                .flatMap(KnownUser::scram)
                .orElseGet(() -> decoys.of(UserName.canonical(typed).orElse(typed)));
    }
}
