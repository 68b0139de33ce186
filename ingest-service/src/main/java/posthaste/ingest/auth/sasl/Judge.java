package posthaste.ingest.auth.sasl;

/** Decides about one attempt to log in; asked at most once for a verdict. May take its time. */
public interface Judge {

    /**
     * By a password.
     *
     * @param authzid as whom the user wants to act; empty for himself
     */
    Verdict password(String authzid, String name, String password);

    /**
     * By a bearer token, which says itself who its bearer is.
     *
     * @param name who the client says that it is; empty when it did not
     */
    Verdict token(String name, String token);

    /**
     * What a password's knowledge is proven against. For a name that nobody has, it is something
     * that looks alike and that no proof fits, the same for the same name.
     *
     * @throws JudgeAwayException when nobody can say now
     */
    ScramVerifier scram(String name) throws JudgeAwayException;

    /** By a proof, which was right or not. */
    Verdict proven(String authzid, String name, boolean isRight);

    /** A verdict before any secret was looked at. */
    final class JudgeAwayException extends Exception {
        private final transient Verdict verdict;

        public JudgeAwayException(Verdict verdict) {
            super("no verifier");
            this.verdict = verdict;
        }

        public Verdict verdict() {
            return verdict;
        }
    }
}
