package posthaste.ingest.dkim;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import posthaste.ingest.message.HeaderField;

/** One message being signed: by one thread, the body as it comes, then the header. */
public final class Signing {
    private final SigningSettings settings;
    private final List<SigningKey> keys;
    private final BodyHash body;
    private final SignatureMetrics metrics;

    Signing(SigningSettings settings, List<SigningKey> keys, SignatureMetrics metrics) {
        this.settings = settings;
        this.keys = keys;
        this.body = new BodyHash(settings.body());
        this.metrics = metrics;
    }

    /** The next octets of the body. */
    public void body(byte[] bytes, int offset, int length) {
        body.update(bytes, offset, length);
    }

    /**
     * The signatures, one a key, as fields with their CRLF.
     *
     * @param header as it will be sent, from top to bottom, but for what stands above
     */
    public String fields(List<HeaderField> header, Instant now) {
        SignatureField field = new SignatureField(settings, header, body.digest(), now);
        metrics.signed(keys);
        return keys.stream().map(field::by).collect(Collectors.joining());
    }
}
