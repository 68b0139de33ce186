package posthaste.ingest.auth.sasl;

/** One run of a mechanism. */
public interface Exchange {

    /** What the server says when the client has not begun; empty for all but LOGIN. */
    default byte[] firstChallenge() {
        return new byte[0];
    }

    /** Takes the client's next response, the initial one among them. */
    Step respond(byte[] response);
}
