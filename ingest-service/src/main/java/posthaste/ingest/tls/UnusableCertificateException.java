package posthaste.ingest.tls;

/**
 * Certificates, keys or trust stores that TLS cannot be done with; the message says what is wrong.
 */
public final class UnusableCertificateException extends Exception {
    UnusableCertificateException(String message) {
        super(message);
    }

    UnusableCertificateException(String message, Throwable cause) {
        super(message, cause);
    }
}
