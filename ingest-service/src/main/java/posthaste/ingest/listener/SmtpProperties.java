package posthaste.ingest.listener;

import static posthaste.service.settings.Setting.between;
import static posthaste.service.settings.Setting.require;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import posthaste.ingest.policy.HeaderLimits;
import posthaste.ingest.policy.Network;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.mail.address.Domains;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.envelope.Stream;

/**
 * The SMTP listeners: one, or as many as {@code listeners} names, for which the rest is what they
 * do not say themselves.
 *
 * @param listeners by name, each with properties of its own; without any there is one called {@code
 *     smtp}, on address and port
 * @param address IP address to listen on; {@code 0.0.0.0} is every IPv4 address of the host, {@code
 *     ::} every address
 * @param port to listen on; 0 takes a free one
 * @param hostName in the greeting and in Received fields; should be what DNS calls this host
 *     (default: the host's own name)
 * @param trustedNetworks whose clients may have mail relayed, as addresses or {@code ADDRESS/BITS};
 *     nobody else may
 * @param defaultStream of the mail that comes in here; one of posthaste.queue.streams
 * @param maxMessageSize of a message as the client sends it; larger ones get 552
 * @param drainLimit what is read and dropped of a message after it was refused, before the
 *     connection is closed
 * @param maxHeaderSize of the header of a message
 * @param maxHeaderFields fields of a header
 * @param maxReceived Received fields of a header; more mean that the mail goes round in a loop
 * @param maxRecipients of a mail; more get 452, and the client sends the mail once more for them
 * @param maxMails of a session, told in EHLO (RFC 9422); 0 is any number
 * @param maxSessions at the same time, of all listeners together; more get 421
 * @param maxSessionsPerAddress at the same time from one IPv4 address or IPv6 /64 network; raise it
 *     to maxSessions where all clients come through one proxy
 * @param maxErrors of a session, counted anew after each accepted mail; then 421
 * @param maxIdleCommands as NOOP and RSET, counted anew after each accepted mail; then 421
 * @param handshakeTimeout for a TLS handshake, and for a proxy's header to come in
 * @param commandTimeout for a whole command line to come in, and for replies to be taken
 * @param dataTimeout for a whole message to come in
 * @param sessionTimeout after which a session gets no further mail through
 * @param minDataRate a second that a message must bring on average, once dataGrace has passed
 * @param dataGrace how long we wait for a message before its rate counts
 * @param memoryWait how long a message may wait for memory before it gets 452
 * @param acceptanceDeadline from the end of a message to its reply; a store or broker that takes
 *     longer costs the client a 451
 * @param drain how long mails that are under way may take when the service stops
 */
@ConfigurationProperties(prefix = "posthaste.smtp", ignoreUnknownFields = false)
public record SmtpProperties(
        @DefaultValue Map<String, ListenerProperties> listeners,
        @DefaultValue("0.0.0.0") String address,
        @DefaultValue("2525") int port,
        @DefaultValue("") String hostName,
        @DefaultValue({"127.0.0.0/8", "::1"}) List<String> trustedNetworks,
        @DefaultValue("transactional") Stream defaultStream,
        @DefaultValue("150MB") DataSize maxMessageSize,
        @DefaultValue("64MB") DataSize drainLimit,
        @DefaultValue("512KB") DataSize maxHeaderSize,
        @DefaultValue("1000") int maxHeaderFields,
        @DefaultValue("50") int maxReceived,
        @DefaultValue("1000") int maxRecipients,
        @DefaultValue("0") int maxMails,
        @DefaultValue("1000") int maxSessions,
        @DefaultValue("500") int maxSessionsPerAddress,
        @DefaultValue("20") int maxErrors,
        @DefaultValue("100") int maxIdleCommands,
        @DefaultValue("30s") Duration handshakeTimeout,
        @DefaultValue("5m") Duration commandTimeout,
        @DefaultValue("30m") Duration dataTimeout,
        @DefaultValue("1h") Duration sessionTimeout,
        @DefaultValue("100B") DataSize minDataRate,
        @DefaultValue("1m") Duration dataGrace,
        @DefaultValue("10s") Duration memoryWait,
        @DefaultValue("30s") Duration acceptanceDeadline,
        @DefaultValue("20s") Duration drain) {
    static final int PORTS = 65_535;
    static final int MANY = 1_000_000;
    private static final String PREFIX = "posthaste.smtp";
    private static final String ONLY_LISTENER = "smtp";

    /** Names stand in logs, metrics and policy files; {@code http} submits by another way. */
    private static final Pattern LISTENER_NAME = Pattern.compile("(?!http$)[a-z0-9-]{1,40}");

    private static final DataSize SMALLEST = DataSize.ofKilobytes(1);
    private static final DataSize LARGEST = DataSize.ofGigabytes(2);
    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofDays(1);

    public SmtpProperties {
        listeners = Collections.unmodifiableMap(new LinkedHashMap<>(listeners));
        for (String name : listeners.keySet()) {
            require(
                    "listeners." + name,
                    name,
                    LISTENER_NAME.matcher(name).matches(),
                    "a name of a-z, 0-9 and -, but not http");
        }
        trustedNetworks = List.copyOf(trustedNetworks);
        hostName = hostName.isEmpty() ? ownName() : hostName;
        requireAddress(address);
        between("port", port, 0, PORTS);
        requireDomain(hostName);
        requireNetworks("trusted-networks", trustedNetworks);
        requireMessageSize(maxMessageSize);
        between("drain-limit", drainLimit, DataSize.ofBytes(0), LARGEST);
        between("max-header-size", maxHeaderSize, SMALLEST, maxMessageSize);
        between("max-header-fields", maxHeaderFields, 1, MANY);
        between("max-received", maxReceived, 1, maxHeaderFields);
        requireRecipients(maxRecipients);
        between("max-mails", maxMails, 0, MANY);
        between("max-sessions", maxSessions, 1, MANY);
        between("max-sessions-per-address", maxSessionsPerAddress, 1, MANY);
        between("max-errors", maxErrors, 1, MANY);
        between("max-idle-commands", maxIdleCommands, 1, MANY);
        between("handshake-timeout", handshakeTimeout, SHORTEST, LONGEST);
        between("command-timeout", commandTimeout, SHORTEST, LONGEST);
        between("data-timeout", dataTimeout, SHORTEST, LONGEST);
        between("session-timeout", sessionTimeout, SHORTEST, LONGEST);
        between("min-data-rate", minDataRate, DataSize.ofBytes(0), LARGEST);
        between("data-grace", dataGrace, SHORTEST, LONGEST);
        between("memory-wait", memoryWait, Duration.ZERO, LONGEST);
        // Clients wait for ten minutes (RFC 5321 section 4.5.3.2.6).
        between("acceptance-deadline", acceptanceDeadline, SHORTEST, Duration.ofMinutes(9));
        between("drain", drain, Duration.ZERO, Duration.ofMinutes(10));
    }

    public HeaderLimits headerLimits() {
        return new HeaderLimits(maxHeaderSize.toBytes(), maxHeaderFields, maxReceived);
    }

    /** Every listener that is to be, in the order of their names. */
    public List<ListenerSettings> settings() {
        ListenerSettings usual = usual();
        return listeners.isEmpty()
                ? List.of(usual)
                : listeners.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(listener -> listener.getValue().settings(listener.getKey(), usual))
                        .toList();
    }

    /** What stands before the names of a listener's properties. */
    String prefix(ListenerSettings listener) {
        return listeners.containsKey(listener.name())
                ? PREFIX + ".listeners." + listener.name() + "."
                : PREFIX + ".";
    }

    private ListenerSettings usual() {
        return new ListenerSettings(
                ONLY_LISTENER,
                new InetSocketAddress(InetAddress.ofLiteral(address), port),
                hostName,
                defaultStream,
                networks(trustedNetworks),
                new ListenerSettings.Limits(
                        maxMessageSize.toBytes(),
                        drainLimit.toBytes(),
                        maxRecipients,
                        maxMails,
                        maxSessions,
                        maxSessionsPerAddress,
                        maxErrors,
                        maxIdleCommands,
                        handshakeTimeout,
                        commandTimeout,
                        dataTimeout,
                        sessionTimeout,
                        minDataRate.toBytes(),
                        dataGrace));
    }

    static void requireAddress(String address) {
        require("address", address, isAddress(address), "an IP address");
    }

    static void requireDomain(String name) {
        require("host-name", name, isDomain(name), "a domain name");
    }

    static void requireMessageSize(DataSize size) {
        between("max-message-size", size, SMALLEST, LARGEST);
    }

    static void requireRecipients(int recipients) {
        // RFC 5321 section 4.5.3.1.8 wants 100 at least.
        between("max-recipients", recipients, 100, 10_000);
    }

    static void requireNetworks(String component, List<String> networks) {
        for (String network : networks) {
            require(
                    component,
                    network,
                    isNetwork(network),
                    "an IP address or ADDRESS/BITS, beginning with its lowest address");
        }
    }

    static List<Network> networks(List<String> texts) {
        return texts.stream().map(Network::parse).toList();
    }

    private static String ownName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A host whose own name is in no table still has to greet.
            return "localhost";
        }
    }

    private static boolean isAddress(String text) {
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isNetwork(String text) {
        try {
            Network.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isDomain(String name) {
        try {
            Domains.check(name);
            return name.chars().allMatch(c -> c < 0x80);
        } catch (InvalidAddressException e) {
            return false;
        }
    }
}
