package posthaste.ingest.listener;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.ingest.smtp.ListenerSettings.AuthMode;
import posthaste.mail.envelope.Stream;
import posthaste.service.settings.StartRefusedException;

/** What listeners have to fit together with: each other, and the rest of the configuration. */
final class ListenerChecks {
    private final SmtpProperties properties;
    private final Set<Stream> streams;
    private final boolean usersExist;

    /**
     * Knows what else is configured.
     *
     * @param usersExist whether there is anybody who could log in
     */
    ListenerChecks(SmtpProperties properties, Set<Stream> streams, boolean usersExist) {
        this.properties = properties;
        this.streams = Set.copyOf(streams);
        this.usersExist = usersExist;
    }

    /**
     * Looks at all listeners.
     *
     * @throws StartRefusedException for the first thing that does not fit
     */
    void check(List<ListenerSettings> listeners) {
        requireStream("posthaste.smtp.default-stream", properties.defaultStream());
        for (int i = 0; i < listeners.size(); i++) {
            ListenerSettings listener = listeners.get(i);
            String prefix = properties.prefix(listener);
            requireStream(prefix + "stream", listener.stream());
            requireLoopbackForClearAuth(prefix, listener);
            requireUsers(prefix, listener);
            for (ListenerSettings other : listeners.subList(0, i)) {
                requireOwnPort(prefix, listener, other);
            }
        }
    }

    private void requireStream(String property, Stream stream) {
        if (!streams.contains(stream)) {
            throw new StartRefusedException(
                    property
                            + " is '"
                            + stream
                            + "', but must be one of posthaste.queue.streams ("
                            + streams.stream()
                                    .map(Stream::name)
                                    .sorted()
                                    .collect(Collectors.joining(","))
                            + ").");
        }
    }

    /** A password in the clear must not leave the machine (DESIGN 3, invariant 7). */
    private static void requireLoopbackForClearAuth(String prefix, ListenerSettings listener) {
        if (listener.auth().inClear() && !listener.address().getAddress().isLoopbackAddress()) {
            throw new StartRefusedException(
                    prefix
                            + "auth-in-clear is true, but must be false unless "
                            + prefix
                            + "address is a loopback address.");
        }
    }

    /** A listener at which nobody can log in is not what anybody means. */
    private void requireUsers(String prefix, ListenerSettings listener) {
        if (listener.auth().mode() != AuthMode.OFF && !usersExist) {
            throw new StartRefusedException(
                    prefix
                            + "auth is "
                            + listener.auth().mode().name().toLowerCase(Locale.ROOT)
                            + ", but must be off unless there are users:"
                            + " posthaste.login.users-file, posthaste.users-database.url,"
                            + " posthaste.ldap.url or posthaste.jwt.issuer.");
        }
    }

    private void requireOwnPort(String prefix, ListenerSettings listener, ListenerSettings other) {
        InetSocketAddress mine = listener.address();
        InetSocketAddress others = other.address();
        boolean overlap =
                mine.getAddress().equals(others.getAddress())
                        || mine.getAddress().isAnyLocalAddress()
                        || others.getAddress().isAnyLocalAddress();
        if (mine.getPort() != 0 && mine.getPort() == others.getPort() && overlap) {
            throw new StartRefusedException(
                    prefix
                            + "port is "
                            + mine.getPort()
                            + ", but "
                            + properties.prefix(other)
                            + "port is so, too; each listener must have a port, or an address, of"
                            + " its own.");
        }
    }
}
