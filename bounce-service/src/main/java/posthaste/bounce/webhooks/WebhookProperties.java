package posthaste.bounce.webhooks;

import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.service.settings.Setting;

/**
 * Who is told of events over HTTP.
 *
 * @param webhooks endpoints by a name that stays, since what they have taken is kept under it:
 *     {@code NAME.url}, {@code NAME.secret} or {@code NAME.secret-file}, {@code NAME.kinds} (all),
 *     {@code NAME.streams} (all), {@code NAME.batch-size} (100), {@code NAME.batch-wait} (1s),
 *     {@code NAME.timeout} (10s), {@code NAME.longest-pause} (5m), {@code NAME.begin} ({@code now}
 *     or {@code earliest}): docs/events.md
 */
@ConfigurationProperties(prefix = "posthaste")
record WebhookProperties(@DefaultValue Map<String, EndpointProperties> webhooks) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    WebhookProperties {
        webhooks = Map.copyOf(webhooks);
        webhooks.keySet()
                .forEach(name ->
                        Setting.require(
                                "webhooks",
                                name,
                                NAME.matcher(name).matches(),
                                "a map from names of up to 40 small letters, digits and hyphens"));
    }
}
