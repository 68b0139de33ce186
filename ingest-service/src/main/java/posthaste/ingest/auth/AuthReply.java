package posthaste.ingest.auth;

import posthaste.ingest.submitter.Login;

/** What the door is to say, and what has come of it. */
public sealed interface AuthReply {

    /** As the client is told. */
    String text();

    /** Say it and go on. */
    record Say(String text) implements AuthReply {}

    /** Say it; the client has logged in. */
    record LoggedIn(String text, Login login) implements AuthReply {}

    /** Say it and close. */
    record GoodBye(String text) implements AuthReply {}
}
