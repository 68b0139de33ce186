package posthaste.mail.envelope;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/**
 * Names one accepted mail everywhere: in the {@code 250}, the Received field, the topics, the log.
 *
 * <p>A ULID in lower case: 26 characters of Crockford's base 32, of which the first 10 are the
 * milliseconds of acceptance since 1970 and 16 (80 bits) are random. Ids sort by time.
 */
public record MailId(String value) implements Comparable<MailId> {
    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final Pattern FORM = Pattern.compile("[0-7][0-9a-hjkmnp-tv-z]{25}");
    private static final int LENGTH = 26;
    private static final int TIME_LENGTH = 10;
    private static final int RANDOM_BYTES = 10;
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException when {@code value} is no ULID in lower case
     */
    public MailId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a mail id: " + value);
        }
    }

    /** Whether {@code value} has the form of an id. */
    public static boolean isValid(String value) {
        return FORM.matcher(value).matches();
    }

    /** A new id of now. */
    public static MailId next(InstantSource clock) {
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        return encode(clock.millis(), random);
    }

    /**
     * The id of a mail that we make ourselves, derived from its cause so that a repeat after a
     * crash bears the same id.
     *
     * @param cause what led to it, unique within the installation
     */
    public static MailId derived(Instant at, String cause) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(cause.getBytes(StandardCharsets.UTF_8));
            return encode(at.toEpochMilli(), digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** When the mail was accepted, to the millisecond. */
    public Instant acceptedAt() {
        long millis = 0;
        for (int i = 0; i < TIME_LENGTH; i++) {
            millis = millis << 5 | digit(value.charAt(i));
        }
        return Instant.ofEpochMilli(millis);
    }

    /** The day of acceptance in UTC, by which the delivery log is partitioned. */
    public LocalDate day() {
        return LocalDate.ofInstant(acceptedAt(), ZoneOffset.UTC);
    }

    @Override
    public int compareTo(MailId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static MailId encode(long millis, byte[] random) {
        char[] out = new char[LENGTH];
        for (int i = TIME_LENGTH - 1; i >= 0; i--) {
            out[i] = ALPHABET[(int) (millis & 31)];
            millis >>>= 5;
        }
        long bits = 0;
        int have = 0;
        int next = 0;
        for (int i = TIME_LENGTH; i < LENGTH; i++) {
            if (have < 5) {
                bits = bits << 8 | (random[next++] & 0xff);
                have += 8;
            }
            have -= 5;
            out[i] = ALPHABET[(int) (bits >>> have & 31)];
        }
        return new MailId(new String(out));
    }

    private static int digit(char c) {
        for (int i = 0; i < ALPHABET.length; i++) {
            if (ALPHABET[i] == c) {
                return i;
            }
        }
        throw new IllegalStateException("the constructor lets no other character in");
    }
}
