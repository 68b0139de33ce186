package posthaste.acceptance.clients;

/** How a client comes in. */
enum Transport {
    /** In the clear, from a trusted address, without a login. */
    PLAIN,
    /** As on port 587, with a login. */
    STARTTLS,
    /** TLS from the first octet, as on port 465, with a login. */
    IMPLICIT
}
