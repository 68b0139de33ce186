package posthaste.ingest.http;

import posthaste.ingest.submitter.Login;

/** Who may submit over HTTP. */
@FunctionalInterface
public interface ApiAccess {

    /**
     * Whose key this is.
     *
     * @param secret as the client showed it
     * @throws HttpProblem 401 when nobody's, 403 when it is not for sending, 503 when that cannot
     *     be told now
     */
    Login login(String secret);
}
