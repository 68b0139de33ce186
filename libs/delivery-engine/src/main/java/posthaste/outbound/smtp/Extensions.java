package posthaste.outbound.smtp;

/**
 * What the next hop offered in EHLO, as far as we use it.
 *
 * @param sizeLimit its largest message in octets; 0: no limit told
 */
record Extensions(
        boolean pipelining,
        boolean size,
        long sizeLimit,
        boolean eightBitMime,
        boolean smtpUtf8,
        boolean dsn) {}
