package posthaste.acceptance.clients;

import java.nio.file.Path;

/**
 * Where a client comes in.
 *
 * @param certificate that it is to trust; for {@link #HOST}
 * @param user empty where no login is needed
 */
record Door(Transport transport, int port, Path certificate, String user, String password) {
    static final String HOST = "localhost";

    String portText() {
        return String.valueOf(port);
    }

    Door trusting(Path other) {
        return new Door(transport, port, other, user, password);
    }

    boolean isPlain() {
        return transport == Transport.PLAIN;
    }
}
