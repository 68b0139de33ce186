package posthaste.ingest.dkim;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import posthaste.ingest.message.Mailboxes;
import posthaste.ingest.message.MessageHeader;

/** Decides by which keys a message is signed: those of its author's domain. */
public final class DkimSigner {
    private final Supplier<KeyRing> keys;
    private final SigningSettings settings;
    private final SignatureMetrics metrics;

    /**
     * Signs with whatever keys are in force when a message comes.
     *
     * @param keys asked for each message
     */
    public DkimSigner(Supplier<KeyRing> keys, SigningSettings settings, MeterRegistry registry) {
        this.keys = keys;
        this.settings = settings;
        this.metrics = new SignatureMetrics(registry);
    }

    /**
     * Begins to sign a message whose header is known.
     *
     * @return empty when there is no key for it; and when verifiers would differ in what they read:
     *     who its author is, or where its header ends
     */
    public Optional<Signing> begin(MessageHeader header) {
        if (header.end() == MessageHeader.End.NO_FIELD) {
            return Optional.empty();
        }
        return Mailboxes.author(header)
                .map(author -> keys.get().of(author.asciiDomain(), settings.parents()))
                .filter(found -> !found.isEmpty())
                .map(found -> new Signing(settings, List.copyOf(found), metrics));
    }
}
