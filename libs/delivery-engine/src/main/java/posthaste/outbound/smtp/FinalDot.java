package posthaste.outbound.smtp;

/**
 * Asked right before a message's final dot. Until then an attempt can be broken off and costs
 * nothing but its time; afterwards only the remote host knows whether the mail was delivered.
 */
@FunctionalInterface
public interface FinalDot {
    /** Nobody objects. */
    FinalDot UNGUARDED = () -> {};

    /**
     * Lets the dot be sent by returning.
     *
     * @throws InterruptedException when the attempt is to end here, without the dot
     */
    void pass() throws InterruptedException;
}
