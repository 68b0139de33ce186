package posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import posthaste.ingest.policy.RelayPolicy;
import posthaste.ingest.smtp.SessionMetrics;
import posthaste.ingest.smtp.SmtpListener;
import posthaste.mail.status.Reply;
import posthaste.service.settings.StartRefusedException;
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

    private static ListenerLifecycle lifecycle(int port) {
        SmtpProperties properties =
                new Binder(
                                new MapConfigurationPropertySource(
                                        Map.of(
                                                "posthaste.smtp.address",
                                                "127.0.0.1",
                                                "posthaste.smtp.port",
                                                String.valueOf(port),
                                                "posthaste.smtp.drain",
                                                "0s")))
                        .bindOrCreate("posthaste.smtp", SmtpProperties.class);
        SessionMetrics metrics = new SessionMetrics(new SimpleMeterRegistry());
        return new ListenerLifecycle(
                () ->
                        new SmtpListener(
                                properties.listener(),
                                new RelayPolicy(List.of()),
                                () -> true,
                                mail -> new Reply(451, "4.3.0 not in this test"),
                                InstantSource.system(),
                                metrics),
                properties);
    }
}
