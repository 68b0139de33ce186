package posthaste.mail.envelope;

import java.util.Optional;

/**
 * Who submitted a mail.
 *
 * @param address its IP address as text; {@code local} for mail that we make ourselves
 * @param helo what it called itself in EHLO or HELO
 * @param login the authenticated user
 */
public record Client(String address, String helo, Optional<String> login) {
    /** For mail that we make ourselves. */
    public static final Client LOCAL = new Client("local", "localhost", Optional.empty());
}
