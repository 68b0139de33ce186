package posthaste.bench.peer;

/** A relay that is not installed, or did not start; the message says which and why. */
public final class PeerUnavailableException extends Exception {
    public PeerUnavailableException(String message) {
        super(message);
    }
}
