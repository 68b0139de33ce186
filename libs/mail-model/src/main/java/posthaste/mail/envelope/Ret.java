package posthaste.mail.envelope;

/** How much of the message a failure notification returns (RFC 3461 section 4.3). */
public enum Ret {
    NOT_GIVEN,
    FULL,
    HDRS
}
