package posthaste.ingest.accept;

/**
 * How a mail came in, as the Received field says it (RFC 3848, RFC 6531 section 4.3), but for TLS
 * and login, which add their letters there.
 */
public enum Protocol {
    SMTP,
    ESMTP,
    UTF8SMTP
}
