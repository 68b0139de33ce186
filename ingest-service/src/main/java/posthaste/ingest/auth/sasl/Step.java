package posthaste.ingest.auth.sasl;

/** What a mechanism does with a response. */
public sealed interface Step {

    /** Asks for another response. */
    final class Challenge implements Step {
        private final byte[] octets;

        public Challenge(byte[] octets) {
            this.octets = octets.clone();
        }

        public byte[] octets() {
            return octets.clone();
        }
    }

    /** Is at its end. */
    record Judged(Verdict verdict) implements Step {}

    /**
     * The response is none of this mechanism.
     *
     * @param reason what is wrong, without a word of what was sent
     */
    record Malformed(String reason) implements Step {}
}
