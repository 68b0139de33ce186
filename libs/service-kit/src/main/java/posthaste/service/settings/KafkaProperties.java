package posthaste.service.settings;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the broker is.
 *
 * @param bootstrapServers brokers to ask first, as {@code HOST:PORT}; name several, so that one of
 *     them may be down at the start
 * @param properties passed on to the Kafka client as they are, for what a cluster asks for: TLS,
 *     SASL
 */
@ConfigurationProperties(prefix = "posthaste.kafka", ignoreUnknownFields = false)
public record KafkaProperties(
        @DefaultValue("localhost:9092") List<String> bootstrapServers,
        @DefaultValue Map<String, String> properties) {
    private static final Pattern SERVER = Pattern.compile("\\S+:\\d{1,5}");

    public KafkaProperties {
        bootstrapServers = List.copyOf(bootstrapServers);
        properties = Map.copyOf(properties);
        Setting.require(
                "bootstrap-servers",
                bootstrapServers,
                !bootstrapServers.isEmpty()
                        && bootstrapServers.stream()
                                .allMatch(server -> SERVER.matcher(server).matches()),
                "a list of HOST:PORT");
    }

    /** Passwords stand among the properties, under names of Kafka's. */
    @Override
    public String toString() {
        return "KafkaProperties[bootstrapServers=%s, properties=%s]"
                .formatted(bootstrapServers, properties.keySet());
    }
}
