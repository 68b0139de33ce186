package posthaste.ingest.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import posthaste.ingest.smtp.ListenerSettings;

class SmtpPropertiesTest {

    @Test
    void theDefaultsAreThoseOfTheReference() {
        SmtpProperties properties = bind(Map.of());
        ListenerSettings listener = properties.settings().getFirst();
        assertThat(listener.address().getPort()).isEqualTo(2525);
        assertThat(listener.address().getAddress()).isEqualTo(InetAddress.ofLiteral("0.0.0.0"));
        assertThat(listener.hostName()).isNotEmpty();
        assertThat(listener.stream()).hasToString("transactional");
        assertThat(listener.limits())
                .isEqualTo(
                        new ListenerSettings.Limits(
                                150 << 20,
                                64 << 20,
                                1000,
                                0,
                                1000,
                                500,
                                20,
                                100,
                                Duration.ofSeconds(30),
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(30),
                                Duration.ofHours(1),
                                100,
                                Duration.ofMinutes(1)));
        assertThat(listener.trusted())
                .extracting(Object::toString)
                .containsExactly("127.0.0.0/8", "0:0:0:0:0:0:0:1/128");
        assertThat(properties.headerLimits().maxReceived()).isEqualTo(50);
        assertThat(properties.acceptanceDeadline()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void everyPropertyIsBound() {
        Map<String, String> values = new HashMap<>();
        values.put("address", "::1");
        values.put("port", "25");
        values.put("host-name", "mx.example.org");
        values.put("trusted-networks", "10.0.0.0/8");
        values.put("default-stream", "bulk");
        values.put("max-message-size", "1MB");
        values.put("drain-limit", "2MB");
        values.put("max-header-size", "3KB");
        values.put("max-header-fields", "40");
        values.put("max-received", "5");
        values.put("max-recipients", "106");
        values.put("max-mails", "6");
        values.put("handshake-timeout", "19s");
        values.put("max-sessions", "7");
        values.put("max-sessions-per-address", "8");
        values.put("max-errors", "9");
        values.put("max-idle-commands", "10");
        values.put("command-timeout", "11s");
        values.put("data-timeout", "12s");
        values.put("session-timeout", "13s");
        values.put("min-data-rate", "14B");
        values.put("data-grace", "15s");
        values.put("memory-wait", "16s");
        values.put("acceptance-deadline", "17s");
        values.put("drain", "18s");
        SmtpProperties properties = bind(values);
        // All but the listeners, which have a test of their own.
        assertThat(values).hasSize(SmtpProperties.class.getRecordComponents().length - 1);
        assertThat(properties.settings().getFirst().limits())
                .isEqualTo(
                        new ListenerSettings.Limits(
                                1 << 20,
                                2 << 20,
                                106,
                                6,
                                7,
                                8,
                                9,
                                10,
                                Duration.ofSeconds(19),
                                Duration.ofSeconds(11),
                                Duration.ofSeconds(12),
                                Duration.ofSeconds(13),
                                14,
                                Duration.ofSeconds(15)));
        assertThat(properties.hostName()).isEqualTo("mx.example.org");
        assertThat(properties.defaultStream()).hasToString("bulk");
        assertThat(properties.headerLimits().maxOctets()).isEqualTo(3072);
        assertThat(properties.headerLimits().maxFields()).isEqualTo(40);
        assertThat(properties.headerLimits().maxReceived()).isEqualTo(5);
        assertThat(properties.memoryWait()).isEqualTo(Duration.ofSeconds(16));
        assertThat(properties.acceptanceDeadline()).isEqualTo(Duration.ofSeconds(17));
        assertThat(properties.drain()).isEqualTo(Duration.ofSeconds(18));
        assertThat(properties.settings().getFirst().trusted()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "address, localhost, 'address is ''localhost'', but must be an IP address.'",
        "port, 70000, 'port is 70000, but must be from 0 to 65535.'",
        "host-name, a b, 'host-name is ''a b'', but must be a domain name'",
        "host-name, bücher.example, host-name is",
        "trusted-networks, 10.0.0.1/8, 'trusted-networks is ''10.0.0.1/8'', but must be'",
        "max-message-size, 10GB, max-message-size is 10GB",
        "max-recipients, 99, max-recipients is 99",
        "max-sessions, 0, max-sessions is 0",
        "command-timeout, 0s, command-timeout is 0s",
        "acceptance-deadline, 10m, acceptance-deadline is 10m",
        "max-header-size, 200MB, 'max-header-size is 200MB, but must be from 1KB to 150MB.'",
    })
    void aWrongValueIsToldInOneSentence(String property, String value, String sentence) {
        assertThatThrownBy(() -> bind(Map.of(property, value)))
                .rootCause()
                .hasMessageContaining(sentence);
    }

    private static SmtpProperties bind(Map<String, String> values) {
        Map<String, String> prefixed = new HashMap<>();
        values.forEach((name, value) -> prefixed.put("posthaste.smtp." + name, value));
        return new Binder(new MapConfigurationPropertySource(prefixed))
                .bindOrCreate("posthaste.smtp", SmtpProperties.class);
    }
}
