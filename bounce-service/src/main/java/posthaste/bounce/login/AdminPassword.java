package posthaste.bounce.login;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.service.settings.StartRefusedException;

/** The password of the user {@code admin}: given, or made once and kept in a file. */
final class AdminPassword {
    private static final Logger LOG = LoggerFactory.getLogger(AdminPassword.class);

    /** 144 bits: nothing that could be guessed. */
    private static final int RANDOM_BYTES = 18;

    /** Compared instead of the password itself, so that its length doesn't show in the time. */
    private final byte[] digest;

    private AdminPassword(String password) {
        this.digest = digest(password);
    }

    static AdminPassword given(String password) {
        return new AdminPassword(password);
    }

    /**
     * The one in {@code file}, which is made with a new one when it is not there.
     *
     * @throws StartRefusedException when it can be neither read nor made
     */
    static AdminPassword in(Path file) {
        try {
            if (Files.notExists(file)) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                make(file);
            }
        } catch (IOException e) {
            throw new StartRefusedException(
                    "The admin's password cannot be kept in " + file + ": " + reason(e) + ".", e);
        }
        try {
            String password = Files.readString(file).strip();
            if (password.isEmpty()) {
                throw new StartRefusedException(
                        "The file "
                                + file
                                + " is empty: write the admin's password into it, or"
                                + " remove it to have one made.");
            }
            LOG.info("the web page's user is admin, the password is in {}", file);
            return new AdminPassword(password);
        } catch (IOException e) {
            throw new StartRefusedException(
                    "The admin's password cannot be read from " + file + ": " + reason(e) + ".", e);
        }
    }

    boolean matches(String candidate) {
        return MessageDigest.isEqual(digest, digest(candidate));
    }

    private static void make(Path file) throws IOException {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().encodeToString(random) + "\n";
        try (FileChannel out =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            out.write(StandardCharsets.US_ASCII.encode(password));
            out.force(true);
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + " " + e.getMessage();
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
