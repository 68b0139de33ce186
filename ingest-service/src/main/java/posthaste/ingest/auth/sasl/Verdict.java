package posthaste.ingest.auth.sasl;

import posthaste.ingest.submitter.Login;

/** What becomes of an attempt to log in. */
public sealed interface Verdict {

    /** Logged in. */
    record Accepted(Login login) implements Verdict {}

    /** Not, for whatever reason: clients are told none of them. */
    enum Refused implements Verdict {
        /** No such user, or not this user's secret. */
        WRONG,
        /** The secret is right, but who has it may not act as whom he names (authzid). */
        NOT_ALLOWED_AS,
        /** A token that is expired, forged, or not for us. */
        BAD_TOKEN
    }

    /** Not now. */
    enum Deferred implements Verdict {
        /** Too many failed before. */
        BLOCKED,
        /** Those who know the users cannot be asked. */
        UNAVAILABLE
    }
}
