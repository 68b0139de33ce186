package posthaste.ingest.auth.users;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import posthaste.ingest.submitter.Login;

/** Who has a key to the HTTP interface. */
public final class ApiKeys {

    /**
     * Who a key lets in.
     *
     * @param login of the user whose key it is
     * @param key its name
     * @param scopes what it is for, as {@code send}
     */
    public record KeyHolder(Login login, String key, Set<String> scopes) {
        public KeyHolder {
            scopes = Set.copyOf(scopes);
        }
    }

    /** One place where keys are kept. */
    @FunctionalInterface
    public interface KeySource {
        /**
         * By what is kept of a secret.
         *
         * @throws UsersAwayException when it cannot be asked, and has not been asked lately
         */
        Optional<KeyHolder> findKey(String hash) throws UsersAwayException;
    }

    private static final int LONGEST = 200;

    private final List<KeySource> sources;

    public ApiKeys(List<KeySource> sources) {
        this.sources = List.copyOf(sources);
    }

    /**
     * Who has this secret.
     *
     * @throws UsersAwayException when a place where it may be kept cannot be asked: to be answered
     *     as "try again later"
     */
    public Optional<KeyHolder> find(String secret) throws UsersAwayException {
        if (secret.isEmpty() || secret.length() > LONGEST) {
            return Optional.empty();
        }
        String hash = ApiKey.hash(secret);
        for (KeySource source : sources) {
            Optional<KeyHolder> holder = source.findKey(hash);
            if (holder.isPresent()) {
                return holder;
            }
        }
        return Optional.empty();
    }
}
