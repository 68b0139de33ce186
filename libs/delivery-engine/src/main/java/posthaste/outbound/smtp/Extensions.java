package posthaste.outbound.smtp;

/**
 * What the next hop offered in EHLO, as far as we use it.
 *
 * @param sizeLimit its largest message in octets; 0: no limit told
 * @param requireTls RFC 8689; false in clear, whatever it says
 * @param shortestDeliverBy seconds that it wants at least in which to deliver a mail that is else
 *     returned (RFC 2852); 0: any time will do
 */
record Extensions(
        boolean pipelining,
        boolean size,
        long sizeLimit,
        boolean eightBitMime,
        boolean smtpUtf8,
        boolean dsn,
        boolean requireTls,
        boolean deliverBy,
        long shortestDeliverBy) {}
