package posthaste.ingest.listener;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.ssl.SslBundles;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.ingest.smtp.ListenerSettings.TlsMode;
import posthaste.ingest.tls.ServerTls;
import posthaste.ingest.tls.UnusableCertificateException;
import posthaste.service.settings.StartRefusedException;

/** The certificates of the listeners that have some. */
final class ListenerTls {
    private final SslBundles bundles;
    private final SmtpProperties properties;
    private final Map<String, ServerTls> byListener = new HashMap<>();

    ListenerTls(SslBundles bundles, SmtpProperties properties) {
        this.bundles = bundles;
        this.properties = properties;
    }

    /**
     * Reads what a listener needs.
     *
     * @throws StartRefusedException when it cannot be used
     */
    void prepare(ListenerSettings listener) {
        if (listener.tls().mode() == TlsMode.NONE) {
            return;
        }
        try {
            byListener.put(
                    listener.name(),
                    ServerTls.of(bundles, listener.tls().certificates(), listener.tls().clients()));
        } catch (UnusableCertificateException e) {
            throw new StartRefusedException(
                    properties.prefix(listener)
                            + "certificates is '"
                            + String.join(",", listener.tls().certificates())
                            + "', but "
                            + e.getMessage()
                            + "; it must name SSL bundles with a certificate and its private key.",
                    e);
        }
    }

    Optional<ServerTls> of(ListenerSettings listener) {
        return Optional.ofNullable(byListener.get(listener.name()));
    }
}
