package posthaste.ingest.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import posthaste.ingest.policy.Network;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.ingest.smtp.ListenerSettings.AuthMode;
import posthaste.ingest.smtp.ListenerSettings.Profile;
import posthaste.ingest.smtp.ListenerSettings.TlsMode;
import posthaste.ingest.tls.ClientCertificates;
import posthaste.mail.envelope.Stream;

class ListenerPropertiesTest {

    @Test
    void aListenerIsAsTheFlatPropertiesSayWhereItSaysNothing() {
        SmtpProperties properties =
                bind(
                        Map.of(
                                "host-name", "mx.example.org",
                                "address", "127.0.0.1",
                                "trusted-networks", "10.0.0.0/8",
                                "max-recipients", "200",
                                "listeners.mx.port", "25"));
        ListenerSettings listener = properties.settings().getFirst();
        ListenerSettings flat = bind(Map.of("max-recipients", "200")).settings().getFirst();
        assertThat(properties.settings()).hasSize(1);
        assertThat(listener.name()).isEqualTo("mx");
        assertThat(listener.address()).hasToString("/127.0.0.1:25");
        assertThat(listener.hostName()).isEqualTo("mx.example.org");
        assertThat(listener.stream()).hasToString("transactional");
        assertThat(listener.profile()).isEqualTo(Profile.RELAY);
        assertThat(listener.tls()).isEqualTo(ListenerSettings.Tls.NONE);
        assertThat(listener.auth()).isEqualTo(ListenerSettings.Auth.NONE);
        assertThat(listener.trusted()).containsExactly(Network.parse("10.0.0.0/8"));
        assertThat(listener.proxies()).isEmpty();
        assertThat(listener.xclients()).isEmpty();
        assertThat(listener.limits()).isEqualTo(flat.limits());
    }

    @Test
    void everyPropertyOfAListenerIsBound() {
        Map<String, String> own = new HashMap<>();
        own.put("address", "::1");
        own.put("port", "465");
        own.put("host-name", "smtp.example.org");
        own.put("profile", "submission");
        own.put("tls", "implicit");
        own.put("certificates", "first,second");
        own.put("client-certificates", "wanted");
        own.put("auth", "required");
        own.put("auth-in-clear", "true");
        own.put("trusted-networks", "");
        own.put("proxy-networks", "10.1.0.0/16,10.2.0.0/16");
        own.put("xclient-networks", "10.3.0.1");
        own.put("stream", "bulk");
        own.put("max-message-size", "2MB");
        own.put("max-recipients", "101");
        own.put("max-mails", "7");
        own.put("max-sessions", "8");
        own.put("max-sessions-per-address", "9");
        assertThat(own).hasSize(ListenerProperties.class.getRecordComponents().length);
        Map<String, String> values = new HashMap<>();
        own.forEach((name, value) -> values.put("listeners.submissions." + name, value));

        ListenerSettings listener = bind(values).settings().getFirst();

        assertThat(listener.address().getPort()).isEqualTo(465);
        assertThat(listener.address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(listener.hostName()).isEqualTo("smtp.example.org");
        assertThat(listener.profile()).isEqualTo(Profile.SUBMISSION);
        assertThat(listener.tls())
                .isEqualTo(
                        new ListenerSettings.Tls(
                                TlsMode.IMPLICIT,
                                List.of("first", "second"),
                                ClientCertificates.WANTED));
        assertThat(listener.auth()).isEqualTo(new ListenerSettings.Auth(AuthMode.REQUIRED, true));
        assertThat(listener.trusted()).isEmpty();
        assertThat(listener.proxies())
                .containsExactly(Network.parse("10.1.0.0/16"), Network.parse("10.2.0.0/16"));
        assertThat(listener.xclients()).containsExactly(Network.parse("10.3.0.1"));
        assertThat(listener.stream()).hasToString("bulk");
        assertThat(listener.limits().messageSize()).isEqualTo(2 << 20);
        assertThat(listener.limits().recipients()).isEqualTo(101);
        assertThat(listener.limits().mails()).isEqualTo(7);
        assertThat(listener.limits().sessions()).isEqualTo(8);
        assertThat(listener.limits().sessionsPerAddress()).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource({
        "tls=required, 'certificates is empty, but must be the name of an SSL bundle where'",
        "client-certificates=wanted, client-certificates is 'wanted', but must be none where tls is.",
        "auth=required, 'auth is ''required'', but must be off where tls is none, unless'",
        "host-name=a b, 'host-name is ''a b'', but must be a domain name'",
        "proxy-networks=10.0.0.1/8, proxy-networks is",
        "xclient-networks=x, xclient-networks is",
        "trusted-networks=x, trusted-networks is",
        "address=localhost, address is 'localhost'",
        "port=70000, port is 70000",
        "max-recipients=1, max-recipients is 1",
        "max-message-size=1B, max-message-size is 1B",
        "max-sessions=0, max-sessions is 0",
        "max-mails=-1, max-mails is -1",
    })
    void aWrongValueIsToldInOneSentence(String setting, String sentence) {
        Map<String, String> values = new HashMap<>(Map.of("listeners.mx.port", "25"));
        String[] parts = setting.split("=", 2);
        values.put("listeners.mx." + parts[0], parts[1]);
        assertThatThrownBy(() -> bind(values))
                .hasMessageContaining("posthaste.smtp.listeners.mx")
                .rootCause()
                .hasMessageContaining(sentence);
    }

    @Test
    void aListenerNeedsAPort() {
        assertThatThrownBy(() -> bind(Map.of("listeners.mx.profile", "relay")))
                .rootCause()
                .hasMessage("port is empty, but must be the port to listen on.");
    }

    @Test
    void aListenerHasAPlainName() {
        assertThatThrownBy(() -> bind(Map.of("listeners.http.port", "25")))
                .rootCause()
                .hasMessageStartingWith("listeners.http is 'http', but must be a name");
    }

    @ParameterizedTest
    @CsvSource({
        "b.port=25, 'posthaste.smtp.listeners.b.port is 25, but posthaste.smtp.listeners.a.port is so'",
        "b.stream=gone, 'posthaste.smtp.listeners.b.stream is ''gone'', but must be one of'",
        "b.auth=required, 'posthaste.smtp.listeners.b.auth is required, but must be off unless there'",
        "b.auth-in-clear=true, posthaste.smtp.listeners.b.auth-in-clear is true",
    })
    void whatDoesNotFitTogetherIsToldInOneSentence(String setting, String sentence) {
        Map<String, String> values = new HashMap<>();
        values.put("listeners.a.port", "25");
        values.put("listeners.b.port", "26");
        values.put("listeners.b.address", "192.0.2.1");
        values.put("listeners.b.tls", "offered");
        values.put("listeners.b.certificates", "own");
        String[] parts = setting.split("=", 2);
        values.put("listeners." + parts[0], parts[1]);
        SmtpProperties properties = bind(values);
        assertThatThrownBy(() ->
                        new ListenerChecks(properties, Set.of(new Stream("transactional")), false)
                                .check(properties.settings()))
                .hasMessageStartingWith(sentence);
    }

    private static SmtpProperties bind(Map<String, String> values) {
        Map<String, String> prefixed = new HashMap<>();
        values.forEach((name, value) -> prefixed.put("posthaste.smtp." + name, value));
        return new Binder(new MapConfigurationPropertySource(prefixed))
                .bindOrCreate("posthaste.smtp", SmtpProperties.class);
    }
}
