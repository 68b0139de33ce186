package posthaste.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.ingest.auth.AuthenticationUnderTest;
import posthaste.ingest.auth.throttle.FailureThrottle;
import posthaste.ingest.smtp.ListenerSettings.Auth;
import posthaste.ingest.smtp.ListenerSettings.AuthMode;
import posthaste.mail.record.Topics;
import posthaste.queue.TopicPlan;
import posthaste.queue.control.SharedFacts;
import posthaste.queue.kafka.KafkaMailQueue;
import posthaste.queue.kafka.KafkaQueueSettings;
import posthaste.testing.SettableClock;

/** Case 43: wrong passwords over 50 connections and two instances that share a broker. */
class SharedThrottleIT {
    private static final int CONNECTIONS = 50;
    private static final int LIMIT = 20;
    private static final InetAddress CLIENT = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir private Path folder;

    @Test
    void fiftyConnectionsAtTwoInstancesAreOneThrottle() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
                KafkaMailQueue one = queue(broker, "one");
                KafkaMailQueue two = queue(broker, "two")) {
            one.prepare(List.of(TopicPlan.ofFacts(Topics.CONTROL, Optional.empty())));
            Authenticator first = instance(one, "one");
            Authenticator second = instance(two, "two");
            try (ListenerUnderTest _ = first.listener;
                    ListenerUnderTest _ = second.listener) {
                // Neither reaches the limit by what it saw itself.
                for (int i = 0; i < LIMIT; i++) {
                    Authenticator asked = i % 2 == 0 ? first : second;
                    assertThat(login(asked, "alice", "guess " + i)).isEqualTo("535");
                }
                await().atMost(LONG).until(() -> first.blocks("alice") && second.blocks("alice"));
                for (int i = LIMIT; i < CONNECTIONS; i++) {
                    Authenticator asked = i % 2 == 0 ? first : second;
                    assertThat(login(asked, "alice", "guess " + i)).isEqualTo("454");
                }
                assertThat(login(first, "alice", "secret")).isEqualTo("454");
                assertThat(login(second, "alice", "secret")).isEqualTo("454");
                assertThat(login(first, "bob", "secret")).isEqualTo("235");
            }
        }
    }

    private record Authenticator(ListenerUnderTest listener, FailureThrottle throttle) {
        boolean blocks(String user) {
            return throttle.isBlocked(user, CLIENT);
        }
    }

    private static Authenticator instance(KafkaMailQueue queue, String name)
            throws InterruptedException {
        SharedFacts facts = queue.facts(Topics.CONTROL);
        AuthenticationUnderTest auth = new AuthenticationUnderTest(LIMIT, 10_000, facts, name);
        facts.start();
        assertThat(facts.awaitWhole(LONG)).isTrue();
        ListenerUnderTest listener =
                ListenerUnderTest.start(
                        ListenerUnderTest.settings(ListenerUnderTest.LIMITS)
                                .withAuth(new Auth(AuthMode.OFFERED, true)),
                        Optional.empty(),
                        auth.authentication);
        return new Authenticator(listener, auth.throttle);
    }

    private static KafkaMailQueue queue(EmbeddedBroker broker, String name) {
        return new KafkaMailQueue(
                KafkaQueueSettings.of(
                        broker.bootstrapServers(),
                        name,
                        KafkaQueueSettings.Durability.singleNode()),
                SettableClock.at("2026-11-22T10:00:00Z"),
                cause -> {
                    throw new AssertionError(cause);
                });
    }

    private static String login(Authenticator asked, String name, String password)
            throws IOException {
        try (Socket socket = new Socket(CLIENT, asked.listener.port())) {
            socket.setSoTimeout((int) LONG.toMillis());
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            String response =
                    Base64.getEncoder()
                            .encodeToString(("\0" + name + "\0" + password).getBytes(UTF_8));
            socket.getOutputStream()
                    .write(("EHLO c\r\nAUTH PLAIN " + response + "\r\n").getBytes(UTF_8));
            String line = in.readLine();
            while (line != null && (line.startsWith("220") || line.startsWith("250"))) {
                line = in.readLine();
            }
            return line == null ? "" : line.substring(0, 3);
        }
    }
}
