package posthaste.outbound.routing;

/** Our own resolver does not answer for any name: our part failing, not a mail's (invariant 9). */
public final class ResolverUnavailableException extends Exception {
    public ResolverUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    public ResolverUnavailableException(String message) {
        super(message);
    }
}
