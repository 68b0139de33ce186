package posthaste.ingest.listener;

import static posthaste.service.settings.Setting.between;
import static posthaste.service.settings.Setting.require;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.ingest.smtp.ListenerSettings.Auth;
import posthaste.ingest.smtp.ListenerSettings.AuthMode;
import posthaste.ingest.smtp.ListenerSettings.Limits;
import posthaste.ingest.smtp.ListenerSettings.Profile;
import posthaste.ingest.smtp.ListenerSettings.Tls;
import posthaste.ingest.smtp.ListenerSettings.TlsMode;
import posthaste.ingest.tls.ClientCertificates;
import posthaste.mail.envelope.Stream;

/**
 * One of several SMTP listeners. What it does not say is as {@code posthaste.smtp} says. Bound as
 * part of {@link SmtpProperties}; the prefix is for the reference.
 *
 * @param address IP address to listen on (default: posthaste.smtp.address)
 * @param port to listen on; 0 takes a free one. Usual are 25 for other mail servers, 587 for
 *     submission with STARTTLS, 465 for submission with implicit TLS
 * @param hostName in the greeting and in Received fields (default: posthaste.smtp.host-name)
 * @param profile whom it is for: {@code relay}: other mail servers; {@code submission}: users'
 *     programs (RFC 6409); {@code fallback}: mail servers that could not deliver a mail themselves:
 *     it goes to the first delay tier, without a first attempt
 * @param tls {@code none}; {@code offered} and {@code required}: by STARTTLS; {@code implicit}:
 *     from the first octet
 * @param certificates for TLS, as names of SSL bundles ({@code spring.ssl.bundle.pem.NAME...}); a
 *     client gets the first that is for the host name it asks for, else the first of all
 * @param clientCertificates {@code wanted}: clients may show one; {@code required}: they must; it
 *     is verified against the trust store of the first of {@code certificates}
 * @param auth {@code off}; {@code offered}: clients may log in; {@code required}: they must, before
 *     any mail
 * @param authInClear whether they may do so without TLS; for listeners on the loopback interface
 *     alone
 * @param trustedNetworks whose clients may have mail relayed without a login (default:
 *     posthaste.smtp.trusted-networks)
 * @param proxyNetworks of load balancers that announce each client by a header of the PROXY
 *     protocol, version 1 or 2; from there nobody comes in without one, from elsewhere nobody with
 *     one
 * @param xclientNetworks of mail proxies that may tell by XCLIENT for whom they speak
 * @param stream of the mail that comes in here (default: posthaste.smtp.default-stream)
 * @param maxMessageSize as posthaste.smtp.max-message-size
 * @param maxRecipients as posthaste.smtp.max-recipients
 * @param maxMails as posthaste.smtp.max-mails
 * @param maxSessions of this listener at the same time (default: posthaste.smtp.max-sessions)
 * @param maxSessionsPerAddress as posthaste.smtp.max-sessions-per-address; sessions at other
 *     listeners count, too
 */
@ConfigurationProperties(prefix = "posthaste.smtp.listeners.NAME")
public record ListenerProperties(
        @Nullable String address,
        @Nullable Integer port,
        @Nullable String hostName,
        @DefaultValue("relay") Profile profile,
        @DefaultValue("none") TlsMode tls,
        @DefaultValue List<String> certificates,
        @DefaultValue("none") ClientCertificates clientCertificates,
        @DefaultValue("off") AuthMode auth,
        @DefaultValue("false") boolean authInClear,
        @Nullable List<String> trustedNetworks,
        @DefaultValue List<String> proxyNetworks,
        @DefaultValue List<String> xclientNetworks,
        @Nullable Stream stream,
        @Nullable DataSize maxMessageSize,
        @Nullable Integer maxRecipients,
        @Nullable Integer maxMails,
        @Nullable Integer maxSessions,
        @Nullable Integer maxSessionsPerAddress) {

    public ListenerProperties {
        if (port == null) {
            require("port", "", false, "the port to listen on");
        } else {
            between("port", port, 0, SmtpProperties.PORTS);
        }
        if (address != null) {
            SmtpProperties.requireAddress(address);
        }
        if (hostName != null) {
            SmtpProperties.requireDomain(hostName);
        }
        certificates = List.copyOf(certificates);
        require(
                "certificates",
                certificates,
                !certificates.isEmpty() || tls == TlsMode.NONE,
                "the name of an SSL bundle where tls is not none");
        require(
                "client-certificates",
                name(clientCertificates),
                tls != TlsMode.NONE || clientCertificates == ClientCertificates.NONE,
                "none where tls is");
        require(
                "auth",
                name(auth),
                auth == AuthMode.OFF || tls != TlsMode.NONE || authInClear,
                "off where tls is none, unless auth-in-clear is true");
        trustedNetworks = trustedNetworks == null ? null : List.copyOf(trustedNetworks);
        if (trustedNetworks != null) {
            SmtpProperties.requireNetworks("trusted-networks", trustedNetworks);
        }
        proxyNetworks = List.copyOf(proxyNetworks);
        SmtpProperties.requireNetworks("proxy-networks", proxyNetworks);
        xclientNetworks = List.copyOf(xclientNetworks);
        SmtpProperties.requireNetworks("xclient-networks", xclientNetworks);
        if (maxMessageSize != null) {
            SmtpProperties.requireMessageSize(maxMessageSize);
        }
        if (maxRecipients != null) {
            SmtpProperties.requireRecipients(maxRecipients);
        }
        if (maxMails != null) {
            between("max-mails", maxMails, 0, SmtpProperties.MANY);
        }
        if (maxSessions != null) {
            between("max-sessions", maxSessions, 1, SmtpProperties.MANY);
        }
        if (maxSessionsPerAddress != null) {
            between("max-sessions-per-address", maxSessionsPerAddress, 1, SmtpProperties.MANY);
        }
    }

    /**
     * As the listener wants it.
     *
     * @param usual what this one does not say
     */
    ListenerSettings settings(String name, ListenerSettings usual) {
        return new ListenerSettings(
                name,
                new InetSocketAddress(
                        address == null
                                ? usual.address().getAddress()
                                : InetAddress.ofLiteral(address),
                        port == null ? 0 : port),
                or(hostName, usual.hostName()),
                or(stream, usual.stream()),
                profile,
                new Tls(tls, certificates, clientCertificates),
                new Auth(auth, authInClear),
                trustedNetworks == null
                        ? usual.trusted()
                        : SmtpProperties.networks(trustedNetworks),
                SmtpProperties.networks(proxyNetworks),
                SmtpProperties.networks(xclientNetworks),
                limits(usual.limits()));
    }

    private Limits limits(Limits usual) {
        return new Limits(
                maxMessageSize == null ? usual.messageSize() : maxMessageSize.toBytes(),
                usual.drain(),
                or(maxRecipients, usual.recipients()),
                or(maxMails, usual.mails()),
                or(maxSessions, usual.sessions()),
                or(maxSessionsPerAddress, usual.sessionsPerAddress()),
                usual.errors(),
                usual.idleCommands(),
                usual.handshakeTimeout(),
                usual.commandTimeout(),
                usual.dataTimeout(),
                usual.sessionTimeout(),
                usual.dataRate(),
                usual.dataGrace());
    }

    private static <T> T or(@Nullable T own, T usual) {
        return own == null ? usual : own;
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
