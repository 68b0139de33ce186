package posthaste.bounce.inbound.rules;

/**
 * Why a mail was refused, held up or answered: what an operator acts on, not what a server said.
 */
public enum BounceClass {
    /** The mailbox does not exist (any more). */
    INVALID_RECIPIENT(true),
    /** The domain does not exist, or takes no mail. */
    INVALID_DOMAIN(true),
    /** The mailbox exists and is closed: suspended, disabled, abandoned. */
    INACTIVE(false),
    /** No room for the mail, in the mailbox or on its server. */
    MAILBOX_FULL(false),
    /** The mail is too large. */
    SIZE(false),
    /**
     * The client, its address or the sender is not trusted: block lists, missing PTR, sender
     * refused.
     */
    REPUTATION(false),
    /** The mail is not authenticated: SPF, DKIM, DMARC, or a missing TLS. */
    AUTH(false),
    /** What the mail says or carries: spam, malware, policy on content. */
    CONTENT(false),
    /** Too many mails, connections or recipients in a time. */
    RATE(false),
    /** It may work later: time-outs, networks, the other system's own trouble. */
    TRANSIENT(false),
    /** One side does not speak as the other wants: syntax, relaying, malformed mail. */
    PROTOCOL(false),
    /** The recipient called it spam (RFC 5965). */
    COMPLAINT(false),
    /** A program answered for the recipient (RFC 3834). */
    AUTOREPLY(false),
    /** Delivered, relayed or expanded. */
    DELIVERED(false),
    /** Refused for a reason that was not told, or by the recipient's own filter. */
    UNSPECIFIC(false);

    private final boolean hard;

    BounceClass(boolean hard) {
        this.hard = hard;
    }

    /**
     * Whether another mail to the same address would fare the same, unless a rule says otherwise.
     */
    boolean hard() {
        return hard;
    }
}
