package posthaste.ingest.auth.users;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Checks passwords against hashes, so many at once and no more: a hash is meant to be dear, and
 * whoever tries passwords is not to have all cores.
 */
public final class Passwords {
    /** Beyond it BCrypt does not look, and Spring's refuses. */
    private static final int BCRYPT_OCTETS = 72;

    /** Longer ones are nobody's. */
    private static final int LONGEST = 1024;

    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}");
    private static final Pattern ARGON2 =
            Pattern.compile(
                    "\\$argon2(?:id|i|d)\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=\\d{1,2}\\$[A-Za-z0-9+/]+\\$[A-Za-z0-9+/]+");

    private static final PasswordEncoder ARGON2_ENCODER =
            Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8();
    private static final PasswordEncoder ENCODER =
            new DelegatingPasswordEncoder(
                    "bcrypt",
                    Map.of("bcrypt", new BCryptPasswordEncoder(), "argon2", ARGON2_ENCODER));

    private final Semaphore permits;
    private final Duration wait;
    private final LongAdder computed = new LongAdder();
    private volatile List<String> decoys = List.of(bcrypt("nobody's"));

    /**
     * Takes its bounds.
     *
     * @param atOnce hashes that are computed at the same time
     * @param wait for one's turn
     */
    public Passwords(int atOnce, Duration wait) {
        this.permits = new Semaphore(atOnce, true);
        this.wait = wait;
    }

    /** Whether {@code hash} is one that we can check, so that a wrong line is told at once. */
    public static boolean isHash(String hash) {
        String bare = hash.replaceFirst("^\\{(?:bcrypt|argon2)}", "");
        return hash.startsWith("{argon2}")
                ? ARGON2.matcher(bare).matches()
                : hash.startsWith("{bcrypt}")
                        ? BCRYPT.matcher(bare).matches()
                        : BCRYPT.matcher(bare).matches() || ARGON2.matcher(bare).matches();
    }

    /** A new hash by BCrypt; by Argon2 for what is too long for it. */
    public static String bcrypt(String password) {
        return octets(password) > BCRYPT_OCTETS ? argon2(password) : encode(password);
    }

    /** A new hash by Argon2: takes 16 MiB for each password that is checked. */
    public static String argon2(String password) {
        return "{argon2}" + ARGON2_ENCODER.encode(password);
    }

    /** Whose hashes stand in for those of users that do not exist; none: one of ours. */
    public void decoys(List<String> hashes) {
        if (!hashes.isEmpty()) {
            decoys = List.copyOf(hashes);
        }
    }

    /** Checks a password; as dear as its hash. */
    boolean matches(String password, String hash) throws UsersAwayException {
        String bare = withId(hash);
        boolean usable =
                octets(password) <= LONGEST
                        && (bare.startsWith("{argon2}") || octets(password) <= BCRYPT_OCTETS);
        String tried = usable ? password : "";
        return counted(() -> ENCODER.matches(tried.isEmpty() ? " " : tried, bare))
                && usable
                && !password.isEmpty();
    }

    /** Takes as long as {@link #matches} for somebody who exists; the same user each time. */
    public void spend(String name, String password) throws UsersAwayException {
        List<String> choice = decoys;
        boolean _ = matches(password, choice.get(Math.floorMod(name.hashCode(), choice.size())));
    }

    /** Computes when its turn comes. */
    boolean counted(BooleanSupplier hash) throws UsersAwayException {
        boolean mine = false;
        try {
            mine = permits.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
            if (!mine) {
                throw new UsersAwayException("too many passwords are being checked");
            }
            computed.increment();
            return hash.getAsBoolean();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UsersAwayException("interrupted", e);
        } finally {
            if (mine) {
                permits.release();
            }
        }
    }

    /** Hashes computed so far. */
    public long computed() {
        return computed.sum();
    }

    private static String encode(String password) {
        return String.valueOf(ENCODER.encode(password));
    }

    private static String withId(String hash) {
        if (hash.startsWith("{")) {
            return hash;
        }
        return (hash.startsWith("$argon2") ? "{argon2}" : "{bcrypt}") + hash;
    }

    private static int octets(String password) {
        return password.getBytes(StandardCharsets.UTF_8).length;
    }
}
