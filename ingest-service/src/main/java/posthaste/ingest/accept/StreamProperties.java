package posthaste.ingest.accept;

import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.service.settings.Setting;

/**
 * Which stream a mail goes into.
 *
 * @param field of a mail's header that names its stream, where its submitter is trusted or logged
 *     in
 */
@ConfigurationProperties(prefix = "posthaste.streams", ignoreUnknownFields = false)
public record StreamProperties(@DefaultValue("X-Posthaste-Stream") String field) {
    private static final Pattern NAME = Pattern.compile("[!-9;-~]{1,100}");

    public StreamProperties {
        Setting.require(
                "field", field, NAME.matcher(field).matches(), "the name of a header field");
    }
}
