package posthaste.acceptance.clients;

/** What is not the same for all letters. */
enum Kind {
    PLAIN,
    /** Octets beyond ASCII in the body. */
    EIGHT_BIT,
    /** UTF-8 in the addresses of the envelope (RFC 6531). */
    UTF8_ADDRESSES,
    /** 20 MiB. */
    LARGE,
    /** 150 recipients. */
    MANY_RECIPIENTS
}
