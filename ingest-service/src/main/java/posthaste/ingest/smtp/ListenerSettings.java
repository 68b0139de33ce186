package posthaste.ingest.smtp;

import java.net.InetSocketAddress;
import java.time.Duration;
import posthaste.mail.envelope.Stream;

/**
 * What one listener offers and bears; each listener has its own.
 *
 * @param name as configured
 * @param address where it listens; port 0 is any free port
 * @param hostName in the greeting and the Received field
 * @param stream of the mail that comes in here
 */
public record ListenerSettings(
        String name, InetSocketAddress address, String hostName, Stream stream, Limits limits) {

    /**
     * How much of everything.
     *
     * @param messageSize octets of a message; more gets 552
     * @param drain octets that are read and dropped after a refusal before the connection goes
     * @param recipients of a mail; more get 452
     * @param sessions at the same time; more get 421
     * @param sessionsPerAddress of one IPv4 address or one IPv6 /64 network
     * @param errors 5xx replies without an accepted mail in between; then 421
     * @param idleCommands NOOP, RSET, VRFY and the like without an accepted mail in between; then
     *     421
     * @param commandTimeout for one whole command line to come in, and for one reply to go out
     * @param dataTimeout for one whole message to come in
     * @param sessionTimeout after which a session gets no further transaction
     * @param dataRate octets a second that a message must bring on average while we wait for it
     * @param dataGrace how long we wait before {@code dataRate} is asked for
     */
    public record Limits(
            long messageSize,
            long drain,
            int recipients,
            int sessions,
            int sessionsPerAddress,
            int errors,
            int idleCommands,
            Duration commandTimeout,
            Duration dataTimeout,
            Duration sessionTimeout,
            long dataRate,
            Duration dataGrace) {}
}
