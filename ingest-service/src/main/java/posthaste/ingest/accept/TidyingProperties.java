package posthaste.ingest.accept;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is done to mail that users submit: over listeners of profile submission, and over HTTP (RFC
 * 6409 section 8).
 *
 * @param addDate adds Date where it is missing
 * @param addMessageId adds Message-ID where it is missing
 * @param removeBcc removes Bcc fields; turn it on for clients that leave them in and expect them to
 *     be kept secret
 */
@ConfigurationProperties(prefix = "posthaste.tidying", ignoreUnknownFields = false)
public record TidyingProperties(
        @DefaultValue("true") boolean addDate,
        @DefaultValue("true") boolean addMessageId,
        @DefaultValue("false") boolean removeBcc) {

    public Tidying.Rules rules() {
        return new Tidying.Rules(addDate, addMessageId, removeBcc);
    }
}
