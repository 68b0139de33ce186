package posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import posthaste.ingest.listener.SmtpProperties;
import posthaste.ingest.policy.StreamChoice;
import posthaste.ingest.policy.assembly.PolicyConfiguration;
import posthaste.ingest.policy.book.Policy;
import posthaste.ingest.policy.book.PolicyFile;
import posthaste.ingest.submitter.Login;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.envelope.Stream;
import posthaste.service.settings.QueueProperties;

/** Whose word counts when a mail names its stream: whom the policy file lets relay. */
class StreamConfigurationTest {
    private static final Stream TRANSACTIONAL = new Stream("transactional");
    private static final Stream BULK = new Stream("bulk");
    private static final Submitter NEAR =
            Submitter.connected("mx", InetAddress.ofLiteral("127.0.0.1"));
    private static final Submitter FAR =
            Submitter.connected("mx", InetAddress.ofLiteral("203.0.113.9"));

    @TempDir private Path folder;
    private Policy policy = Policy.DEFAULT;
    private StreamChoice choice;

    @BeforeEach
    void compose() {
        choice =
                new StreamConfiguration()
                        .streamChoice(
                                new Binder(
                                                new MapConfigurationPropertySource(
                                                        Map.of("smtp.listeners.mx.port", "25")))
                                        .bindOrCreate("smtp", SmtpProperties.class),
                                new Binder(new MapConfigurationPropertySource(Map.of()))
                                        .bindOrCreate("queue", QueueProperties.class),
                                new PolicyConfiguration.PolicyInForce(() -> policy));
    }

    @Test
    void withoutAFileItIsTheListenersNetworks() {
        assertThat(intoBulk(NEAR)).isTrue();
        assertThat(intoBulk(FAR)).isFalse();
    }

    @Test
    void aFileAddsAndTakesAwayWhileWeRun() throws Exception {
        say("relay: {networks: [203.0.113.0/24]}");
        assertThat(intoBulk(FAR)).isTrue();
        assertThat(intoBulk(NEAR)).isFalse();
        say("relay: {listeners: {mx: {networks: []}}}");
        assertThat(intoBulk(NEAR)).isFalse();
        assertThat(intoBulk(NEAR.as(new Login("ann", List.of("*"), Optional.empty())))).isTrue();
    }

    private boolean intoBulk(Submitter submitter) {
        return choice.of(submitter, TRANSACTIONAL, List.of("bulk"))
                .equals(new StreamChoice.Choice.Into(BULK));
    }

    private void say(String yaml) throws Exception {
        policy = PolicyFile.read(Files.writeString(folder.resolve("policy.yaml"), yaml));
    }
}
