package posthaste.ingest.auth.users;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import posthaste.ingest.submitter.Login;

/**
 * Who has logged in just now, so that a client that logs in for each mail does not cost a hash each
 * time. Kept by a keyed hash of name and password, whose key is this process's own and on no disk.
 * Failures are not kept: they are to cost what they cost.
 */
public final class LoginCache {
    private static final int SIZE = 10_000;
    private static final String HMAC = "HmacSHA256";

    private record Entry(Login login, Object state, Instant at) {}

    private final Duration keep;
    private final InstantSource clock;
    private final Cache<ByteBuffer, Entry> entries;
    private final SecretKeySpec key;

    /**
     * Knows nobody yet.
     *
     * @param keep how long a password that was right is not hashed again; zero: it always is
     * @param outlast how long it still is while the user's source is away
     */
    public LoginCache(Duration keep, Duration outlast, InstantSource clock) {
        this.keep = keep;
        this.clock = clock;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, HMAC);
        this.entries =
                Caffeine.newBuilder()
                        .maximumSize(SIZE)
                        .expireAfterWrite(keep.compareTo(outlast) > 0 ? keep : outlast)
                        .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                        .executor(Runnable::run)
                        .build();
    }

    /** The login of who had this password, if the sources' state is what it was then. */
    Optional<Login> find(String name, String password, Object state) {
        Entry entry = entries.getIfPresent(keyed(name, password));
        return entry == null
                        || !entry.state().equals(state)
                        || !clock.instant().isBefore(entry.at().plus(keep))
                ? Optional.empty()
                : Optional.of(entry.login());
    }

    /** The login of who had this password when the source could last be asked. */
    Optional<Login> findLast(String name, String password, Object state) {
        Entry entry = entries.getIfPresent(keyed(name, password));
        return entry == null || !entry.state().equals(state)
                ? Optional.empty()
                : Optional.of(entry.login());
    }

    void put(String name, String password, Login login, Object state) {
        entries.put(keyed(name, password), new Entry(login, state, clock.instant()));
    }

    private ByteBuffer keyed(String name, String password) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(name.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return ByteBuffer.wrap(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC", e);
        }
    }
}
