package posthaste.mail.address;

/**
 * An address that RFC 5321 section 4.1.2 (or RFC 6531 section 3.3) does not allow; the message says
 * why.
 */
public final class InvalidAddressException extends Exception {
    public InvalidAddressException(String reason) {
        super(reason);
    }
}
