package posthaste.ingest.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import posthaste.ingest.policy.RelayPolicy;
import posthaste.ingest.smtp.SessionGate;
import posthaste.ingest.smtp.SessionMetrics;
import posthaste.ingest.smtp.SmtpListener;
import posthaste.ingest.smtp.Surroundings;
import posthaste.mail.status.Reply;
import posthaste.service.settings.StartRefusedException;
import posthaste.testing.FreePort;
import posthaste.testing.SmtpDialogue;

class ListenerLifecycleIT {

    @Test
    void aPortInUseIsToldInOneSentence() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            ListenerLifecycle lifecycle = lifecycle(other.getLocalPort());
            assertThatThrownBy(lifecycle::start)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageStartingWith(
                            "posthaste.smtp.port is " + other.getLocalPort() + ", but ")
                    .hasMessageContaining("127.0.0.1");
            assertThat(lifecycle.isRunning()).isFalse();
        }
    }

    @Test
    void itOpensAgainAfterAStop() {
        ListenerLifecycle lifecycle = lifecycle(0);
        for (int i = 0; i < 2; i++) {
            lifecycle.start();
            assertThat(lifecycle.isRunning()).isTrue();
            SmtpDialogue.greet(lifecycle.port()).close();
            lifecycle.stop();
            assertThat(lifecycle.isRunning()).isFalse();
        }
    }

    @Test
    void everyListenerIsOpenAndOneThatCannotClosesTheOthers() throws IOException {
        Map<String, String> two =
                Map.of(
                        "listeners.first.port",
                        "0",
                        "listeners.second.port",
                        "0",
                        "listeners.second.address",
                        "127.0.0.2");
        ListenerLifecycle lifecycle = lifecycle(two);
        lifecycle.start();
        assertThat(lifecycle.ports()).containsOnlyKeys("first", "second");
        assertThat(lifecycle.addresses())
                .isEqualTo(
                        "127.0.0.1:"
                                + lifecycle.ports().get("first")
                                + " (first), 127.0.0.2:"
                                + lifecycle.ports().get("second")
                                + " (second)");
        SmtpDialogue.greet(lifecycle.ports().get("first")).close();
        lifecycle.stop();
        assertThat(lifecycle.ports()).isEmpty();

        int free = FreePort.tcp();
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            ListenerLifecycle cannot =
                    lifecycle(
                            Map.of(
                                    "listeners.first.port",
                                    String.valueOf(free),
                                    "listeners.second.port",
                                    String.valueOf(other.getLocalPort())));
            assertThatThrownBy(cannot::start)
                    .hasMessageStartingWith("posthaste.smtp.listeners.second.port is ");
            assertThat(cannot.isRunning()).isFalse();
            new ServerSocket(free, 1, InetAddress.ofLiteral("127.0.0.1")).close();
        }
    }

    private static ListenerLifecycle lifecycle(int port) {
        return lifecycle(Map.of("port", String.valueOf(port)));
    }

    private static ListenerLifecycle lifecycle(Map<String, String> given) {
        Map<String, String> values = new HashMap<>();
        values.put("posthaste.smtp.address", "127.0.0.1");
        values.put("posthaste.smtp.drain", "0s");
        given.forEach((name, value) -> values.put("posthaste.smtp." + name, value));
        SmtpProperties properties =
                new Binder(new MapConfigurationPropertySource(values))
                        .bindOrCreate("posthaste.smtp", SmtpProperties.class);
        SessionMetrics metrics = new SessionMetrics(new SimpleMeterRegistry());
        Surroundings surroundings =
                new Surroundings(
                        new SessionGate(10),
                        () -> true,
                        mail -> new Reply(451, "4.3.0 not in this test"),
                        InstantSource.system(),
                        metrics);
        return new ListenerLifecycle(
                () ->
                        properties.settings().stream()
                                .map(listener ->
                                        new SmtpListener(
                                                listener,
                                                Optional.empty(),
                                                new RelayPolicy(List.of()),
                                                surroundings))
                                .toList(),
                properties);
    }
}
