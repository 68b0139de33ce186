package posthaste.bounce.salvage;

/** What an operator can order for a mail that is unaccounted. */
public enum Order {
    /** It is tried again, as far as its message is still stored. */
    REQUEUE,
    /** Its sender is told that it could not be delivered. */
    BOUNCE,
    /** Nothing more is done; the recipients end as removed. */
    REMOVE
}
