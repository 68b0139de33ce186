package posthaste.bounce.login;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import posthaste.bounce.login.LocalUsersFile.LocalUser;
import posthaste.bounce.operator.Role;

/** The user {@code admin} and those of the file: no login of theirs needs a database. */
final class LocalUsers {
    private static final PasswordEncoder ENCODER =
            new DelegatingPasswordEncoder(
                    "bcrypt",
                    Map.of(
                            "bcrypt",
                            new BCryptPasswordEncoder(),
                            "argon2",
                            Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8()));

    /** Checked for users that do not exist, so that they take as long as others. */
    private static final String DECOY = ENCODER.encode("nobody's");

    /** Beyond it BCrypt does not look, and Spring's refuses. */
    private static final int LONGEST = 72;

    /** Of users whose password was right, so that a script is not hashed at each request. */
    private static final int REMEMBERED = 1000;

    private static final int KEY_OCTETS = 32;

    private final AdminPassword admin;
    private final Supplier<Map<String, LocalUser>> users;

    /** Hashes are dear: who tries passwords is not to have all cores. */
    private final Semaphore hashing =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

    private final SecretKeySpec key;
    private final Map<String, byte[]> right =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
                    return size() > REMEMBERED;
                }
            };

    LocalUsers(AdminPassword admin, Supplier<Map<String, LocalUser>> users) {
        this.admin = admin;
        this.users = users;
        byte[] random = new byte[KEY_OCTETS];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, "HmacSHA256");
    }

    /** The role of a user by what the file says now; empty when there is no such user any more. */
    Optional<Role> role(String name) {
        return name.equals(LocalUsersFile.ADMIN)
                ? Optional.of(Role.ADMIN)
                : Optional.ofNullable(users.get().get(name)).map(LocalUser::role);
    }

    /**
     * Of the user's hash as the file has it now, which it does not tell: another one when the
     * password was changed. Empty when there is no such user; always the same for {@code admin},
     * whose password only changes with the process.
     */
    Optional<String> mark(String name) {
        return name.equals(LocalUsersFile.ADMIN)
                ? Optional.of(LocalUsersFile.ADMIN)
                : Optional.ofNullable(users.get().get(name))
                        .map(user -> HexFormat.of().formatHex(mark(user, "")));
    }

    /** Whether the password is this user's. */
    boolean matches(String name, String password) throws InterruptedException {
        if (name.equals(LocalUsersFile.ADMIN)) {
            return admin.matches(password);
        }
        LocalUser user = users.get().get(name);
        if (user == null) {
            hash(password, DECOY);
            return false;
        }
        byte[] mark = mark(user, password);
        synchronized (right) {
            byte[] known = right.get(name);
            if (known != null && MessageDigest.isEqual(known, mark)) {
                return true;
            }
        }
        boolean matches = hash(password, user.hash());
        if (matches) {
            synchronized (right) {
                right.put(name, mark);
            }
        }
        return matches;
    }

    private boolean hash(String password, String hash) throws InterruptedException {
        hashing.acquire();
        try {
            boolean usable =
                    !password.isEmpty()
                            && password.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
            return ENCODER.matches(usable ? password : " ", hash) && usable;
        } finally {
            hashing.release();
        }
    }

    /** Of password and hash, so that a changed hash is looked at anew. */
    private byte[] mark(LocalUser user, String password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(user.hash().getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
