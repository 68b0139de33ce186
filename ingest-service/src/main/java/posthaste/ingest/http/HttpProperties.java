package posthaste.ingest.http;

import static posthaste.service.settings.Setting.between;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Submission over HTTP, {@code POST /api/v1/messages}, on the web port. What a message may hold is
 * said by posthaste.smtp.
 *
 * @param maxJsonSize of a mail as JSON, which is kept in memory; larger ones can be sent as
 *     message/rfc822, which streams
 * @param maxRequests carried out at the same time; more get 503
 * @param idempotency how long the answer to a request with an Idempotency-Key is remembered
 * @param maxIdempotencyKeys remembered; beyond it the oldest are forgotten
 */
@ConfigurationProperties(prefix = "posthaste.http", ignoreUnknownFields = false)
public record HttpProperties(
        @DefaultValue("32MB") DataSize maxJsonSize,
        @DefaultValue("200") int maxRequests,
        @DefaultValue("24h") Duration idempotency,
        @DefaultValue("100000") int maxIdempotencyKeys) {
    public HttpProperties {
        between("max-json-size", maxJsonSize, DataSize.ofKilobytes(1), DataSize.ofMegabytes(256));
        between("max-requests", maxRequests, 1, 100_000);
        between("idempotency", idempotency, Duration.ofMinutes(1), Duration.ofDays(7));
        between("max-idempotency-keys", maxIdempotencyKeys, 1, 10_000_000);
    }
}
