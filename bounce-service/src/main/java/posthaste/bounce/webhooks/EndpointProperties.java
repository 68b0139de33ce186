package posthaste.bounce.webhooks;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.bounce.events.EventFilter;
import posthaste.service.settings.Setting;

/**
 * One endpoint.
 *
 * @param url where to, {@code https:} or {@code http:}; redirects are not followed
 * @param secret that requests are signed with; better by environment or {@code secretFile}
 * @param secretFile with a secret a line, all of which sign; read again when it changes
 * @param kinds of events that are sent; empty: all
 * @param streams whose events are sent; empty: all
 * @param batchSize events in a request, at most
 * @param batchWait how long events are gathered for a request
 * @param timeout for a request and its answer
 * @param longestPause between two tries of a request that is not taken
 * @param begin where an endpoint begins that is new
 */
record EndpointProperties(
        @Nullable URI url,
        @Nullable String secret,
        @Nullable Path secretFile,
        @DefaultValue List<String> kinds,
        @DefaultValue List<String> streams,
        @DefaultValue("100") int batchSize,
        @DefaultValue("1s") Duration batchWait,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("5m") Duration longestPause,
        @DefaultValue("now") Begin begin) {

    /** Where an endpoint begins that never took anything. */
    enum Begin {
        /** With what happens from the start of this process on. */
        NOW,
        /** With the oldest event that is kept. */
        EARLIEST
    }

    EndpointProperties {
        kinds = List.copyOf(kinds);
        streams = List.copyOf(streams);
        Setting.require(
                "url",
                url == null ? "" : url,
                url != null && isAllowed(url),
                "an absolute http: or https: URL without user, password and fragment");
        Setting.require(
                "secret",
                "",
                (secret == null) != (secretFile == null),
                "given, either itself or by secret-file");
        if (secret != null) {
            Setting.read("secret", secret, Secret::parse, Secret.FORM);
        }
        List<String> streamNames = streams;
        for (String kind : kinds) {
            Setting.require(
                    "kinds",
                    kind,
                    EventFilter.kind(kind).isPresent(),
                    "a list from " + EventFilter.KINDS);
        }
        Setting.read(
                "streams",
                String.join(",", streams),
                _ -> EventFilter.of(List.of(), streamNames),
                "a list of names of streams");
        Setting.between("batch-size", batchSize, 1, 10_000);
        Setting.between("batch-wait", batchWait, Duration.ZERO, Duration.ofMinutes(1));
        Setting.between("timeout", timeout, Duration.ofMillis(100), Duration.ofMinutes(2));
        Setting.between("longest-pause", longestPause, Duration.ofMillis(100), Duration.ofHours(1));
    }

    /** The checked one. */
    URI target() {
        return Optional.ofNullable(url).orElseThrow();
    }

    EventFilter filter() {
        return EventFilter.of(kinds, streams);
    }

    private static boolean isAllowed(URI url) {
        return ("https".equalsIgnoreCase(url.getScheme())
                        || "http".equalsIgnoreCase(url.getScheme()))
                && url.getHost() != null
                && url.getRawUserInfo() == null
                && url.getRawFragment() == null;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "EndpointProperties[" + url + "]";
    }
}
