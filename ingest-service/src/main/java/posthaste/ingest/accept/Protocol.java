package posthaste.ingest.accept;

/** How a mail came in, as the Received field says it (RFC 3848, RFC 6531 section 4.3). */
public enum Protocol {
    SMTP,
    ESMTP,
    UTF8SMTP,
    HTTP
}
