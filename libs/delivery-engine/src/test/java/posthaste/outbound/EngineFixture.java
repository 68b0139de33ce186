package posthaste.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import posthaste.body.BodyWriter;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.memory.MemoryBodyStore;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Job;
import posthaste.outbound.destination.DestinationSettings;
import posthaste.outbound.routing.Network;
import posthaste.outbound.routing.NextHop;
import posthaste.outbound.routing.RoutingSettings;
import posthaste.outbound.tls.TlsPolicy;
import posthaste.testing.ScriptedDns;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SettableClock;

/** An engine over a store in memory, real sockets, and peers that are closed after each test. */
abstract class EngineFixture {
    static final byte[] MESSAGE = "Subject: x\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII);
    static final AttemptBudget BUDGET =
            new AttemptBudget(
                    Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(10));

    /** Short enough to wait for, long enough for a busy machine. */
    static final AttemptBudget SHORT =
            new AttemptBudget(
                    Duration.ofMillis(1200), Duration.ofMillis(1200), Duration.ofMillis(800));

    /** By the clock of the test. */
    static final Duration PROBE_INTERVAL = Duration.ofMinutes(1);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    final SettableClock clock = SettableClock.at("2026-11-22T10:00:00Z");
    final MemoryBodyStore bodies = new MemoryBodyStore(new MemoryBudget(200 * 1024 * 1024));

    @AfterEach
    void closeAll() throws Exception {
        threads.shutdownNow();
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    ScriptedSmtpPeer peer() {
        return opened(ScriptedSmtpPeer.start());
    }

    SmtpDeliveryEngine relayingTo(ScriptedSmtpPeer peer) {
        return relayingTo(peer, outbound());
    }

    SmtpDeliveryEngine relayingTo(ScriptedSmtpPeer peer, OutboundSettings outbound) {
        return engine(RoutingSettings.relayingTo(NextHop.parse(peer.hostAndPort(), 25)), outbound);
    }

    SmtpDeliveryEngine engine(RoutingSettings routing, OutboundSettings outbound) {
        return opened(new SmtpDeliveryEngine(bodies, clock, routing, outbound));
    }

    /** By this DNS, on loopback, to this port. */
    static RoutingSettings byDns(ScriptedDns dns, int port) {
        return byDns(dns, port, Map.of(), List.of(Network.parse("127.0.0.0/8")));
    }

    static RoutingSettings byDns(
            ScriptedDns dns, int port, Map<String, NextHop> routes, List<Network> allowed) {
        return new RoutingSettings(
                Optional.empty(),
                routes,
                List.of(dns.address()),
                Duration.ofMillis(600),
                port,
                allowed,
                Set.of("relay.test"),
                Set.of(),
                5);
    }

    static OutboundSettings outbound() {
        return outbound(limits(5, 20, 1000));
    }

    static OutboundSettings outbound(DestinationSettings destinations) {
        return new OutboundSettings("relay.test", List.of(), TlsPolicy.OPPORTUNISTIC, destinations);
    }

    static DestinationSettings limits(int start, int most, int messagesPerConnection) {
        return new DestinationSettings(
                start,
                most,
                Duration.ofSeconds(10),
                messagesPerConnection,
                Duration.ofMinutes(5),
                3,
                PROBE_INTERVAL,
                100);
    }

    BodyRef store(byte[] message) {
        try (BodyWriter writer = bodies.begin(Generation.PRIMARY, Duration.ofSeconds(5))) {
            writer.write(message, 0, message.length);
            return writer.commit("test", new byte[0], Duration.ofSeconds(5));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    Job job(byte[] message, String... recipients) {
        return job(envelope(recipients), message);
    }

    Job job(Envelope envelope, byte[] message) {
        return Job.first(envelope, store(message), 0, false);
    }

    static Envelope envelope(String... recipients) {
        return envelope(
                "sender@example.org",
                Arrays.stream(recipients)
                        .map(text -> new Recipient(EmailAddress.of(text)))
                        .toList(),
                BodyType.SEVEN_BIT,
                false);
    }

    static Envelope envelope(
            String from, List<Recipient> recipients, BodyType bodyType, boolean smtpUtf8) {
        try {
            return new Envelope(
                    MailId.next(InstantSource.system()),
                    new Stream("transactional"),
                    ReversePath.parse(from),
                    recipients,
                    Ret.NOT_GIVEN,
                    Optional.empty(),
                    bodyType,
                    smtpUtf8,
                    Client.LOCAL,
                    Optional.empty());
        } catch (InvalidAddressException e) {
            throw new AssertionError(e);
        }
    }

    <T> Future<T> inBackground(Callable<T> work) {
        return threads.submit(work);
    }

    static Outcome only(AttemptReport report) {
        assertThat(report.outcomes()).hasSize(1);
        return report.outcomes().getFirst().outcome();
    }

    static List<Outcome> outcomes(AttemptReport report) {
        return report.outcomes().stream().map(each -> each.outcome()).toList();
    }

    static Outcome.Deferred deferred(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
        return (Outcome.Deferred) outcome;
    }

    static Outcome.Failed failed(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return (Outcome.Failed) outcome;
    }
}
