package posthaste.service.suppression;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Stream;

/** Says whether the list stands between a mail and a recipient, and why, in words. */
public final class SuppressionScreen {
    private final SuppressionList list;
    private final SuppressionProperties properties;

    public SuppressionScreen(SuppressionList list, SuppressionProperties properties) {
        this.list = list;
        this.properties = properties;
    }

    /**
     * Looks a recipient up.
     *
     * @return {@code suppressed: hard-bounce, since 2026-11-22}; empty: mail may go there
     */
    public Optional<String> reason(Client client, Stream stream, EmailAddress recipient) {
        if (!properties.enabled()
                || properties.exemptStreams().contains(stream.name())
                || properties.isExempt(client.address(), client.login())) {
            return Optional.empty();
        }
        return list.find(stream, recipient)
                .map(hit ->
                        "suppressed: "
                                + hit.suppressionClass().word()
                                + ", since "
                                + LocalDate.ofInstant(hit.since(), ZoneOffset.UTC)
                                + (properties.help().isEmpty()
                                        ? ""
                                        : "; see " + properties.help()));
    }

    /** Whether clients are told at RCPT. */
    public boolean tellsAtRcpt() {
        return properties.tellAtRcpt();
    }
}
