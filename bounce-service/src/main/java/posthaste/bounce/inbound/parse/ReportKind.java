package posthaste.bounce.inbound.parse;

/** What a mail that came back tells of a recipient. */
public enum ReportKind {
    /** Refused, given up, or held up so far. */
    BOUNCE,
    /** The recipient called the mail spam, or a filter did on behalf of its owner (RFC 5965). */
    COMPLAINT,
    /** A program answered for the recipient (RFC 3834). */
    AUTOREPLY,
    /** Delivered, relayed or expanded (RFC 3464). */
    DELIVERED,
    /** Nothing: an ordinary mail. */
    NONE
}
