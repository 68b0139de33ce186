package posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.body.MemoryBudget;
import posthaste.ingest.accept.ChargingAcceptor;
import posthaste.ingest.policy.RelayPolicy;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.policy.assembly.ListenerPolicies;
import posthaste.ingest.policy.book.Policy;
import posthaste.ingest.policy.book.PolicyFile;
import posthaste.ingest.policy.dns.PolicyDns;
import posthaste.ingest.policy.rate.Quotas;
import posthaste.ingest.policy.rate.UsageBoard;
import posthaste.ingest.policy.stress.ProcessPressures;
import posthaste.ingest.policy.stress.Stress;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.ingest.smtp.ListenerSettings.Tls;
import posthaste.ingest.smtp.ListenerSettings.TlsMode;
import posthaste.ingest.tls.ClientCertificates;
import posthaste.ingest.tls.ServerTls;
import posthaste.testing.SelfSignedCertificate;
import posthaste.testing.SmtpDialogue;

/**
 * What policies and TLS take of a listener's throughput, over a store and a queue in memory, so
 * that nothing but the listener counts: in turns, in one run, as a ratio. The clients' TLS is on
 * the same cores. The figures are printed and stand in docs/policy.md.
 */
@Tag("full")
class PriceOfPoliciesIT {
    private static final int ROUNDS = 5;
    private static final int CLIENTS = 8;
    private static final int MAILS_OF_A_SESSION = 10;
    private static final Duration ROUND = Duration.ofSeconds(2);
    private static final byte[] MESSAGE =
            ("Subject: price\r\n\r\n" + ("x".repeat(76) + "\r\n").repeat(13))
                    .getBytes(StandardCharsets.US_ASCII);

    /** Something of everything that asks no DNS; nobody of these is over a limit. */
    private static final String POLICIES =
            """
            relay: {networks: [127.0.0.1/32]}
            limits:
              - {per: address, messages: 100000000/h, recipients: 100000000/h, bytes: 1000GB/h}
              - {per: address, sessions: 100000000/h, concurrent-sessions: 1000}
              - {per: sender-domain, messages: 100000000/h}
            senders: {block: [spammer@example.net, "*.bad.example"]}
            recipients: {block: [old.example.org], refuse-reserved: false}
            """;

    private enum Kind {
        PLAIN,
        WITH_POLICIES,
        WITH_POLICIES_AND_TLS
    }

    private final ServerTls tls =
            Bundles.tls(
                    Bundles.of(SelfSignedCertificate.forHost("mx.posthaste.test")),
                    ClientCertificates.NONE);

    @TempDir private Path folder;

    @Test
    void theyTakeAPartAndNoMore() throws Exception {
        Policy policy = PolicyFile.read(Files.writeString(folder.resolve("p.yaml"), POLICIES));
        Map<Kind, List<Double>> rates = new EnumMap<>(Kind.class);
        for (int round = 0; round <= ROUNDS; round++) {
            for (Kind kind : Kind.values()) {
                double rate = round(kind, policy);
                // The first is for the compiler.
                if (round > 0) {
                    rates.computeIfAbsent(kind, _ -> new ArrayList<>()).add(rate);
                }
            }
        }
        assertThat(rates).allSatisfy((_, all) -> assertThat(all).allMatch(rate -> rate > 0));
        double plain = median(rates.get(Kind.PLAIN));
        rates.forEach((kind, all) ->
                System.out.printf(
                        "%s: %,.0f mails/s, %.2f of plain%n",
                        kind, median(all), median(all) / plain));
        assertThat(median(rates.get(Kind.WITH_POLICIES)) / plain).isGreaterThan(0.3);
        // Without the second compiler, as tests are run, TLS is some twenty times as dear.
        assertThat(median(rates.get(Kind.WITH_POLICIES_AND_TLS)) / plain).isGreaterThan(0.002);
    }

    private double round(Kind kind, Policy policy) throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (Quotas quotas =
                        new Quotas(
                                policy::limits,
                                "one",
                                UsageBoard.ALONE,
                                InstantSource.system(),
                                System::nanoTime,
                                Duration.ofMinutes(1));
                Stress stress =
                        new Stress(
                                policy::stress,
                                ProcessPressures.all(),
                                Duration.ofMillis(200),
                                meters);
                ListenerUnderTest ingest =
                        listener(
                                kind,
                                new ListenerPolicies(
                                        () -> policy,
                                        quotas,
                                        new PolicyDns(policy::dns),
                                        stress,
                                        meters),
                                quotas)) {
            return throughput(ingest.port(), kind == Kind.WITH_POLICIES_AND_TLS);
        }
    }

    private ListenerUnderTest listener(Kind kind, ListenerPolicies policies, Quotas quotas) {
        ListenerSettings settings = ListenerUnderTest.settings(ListenerUnderTest.LIMITS);
        SubmissionPolicy all =
                policies.of(settings.hostName(), settings.trusted(), false, List.of());
        return switch (kind) {
            case PLAIN ->
                    ListenerUnderTest.start(
                            settings,
                            new MemoryBudget(256 << 20),
                            new RelayPolicy(settings.trusted()),
                            door -> door);
            case WITH_POLICIES ->
                    ListenerUnderTest.start(
                            settings,
                            new MemoryBudget(256 << 20),
                            all,
                            door -> new ChargingAcceptor(door, quotas));
            case WITH_POLICIES_AND_TLS ->
                    ListenerUnderTest.start(
                            settings.withTls(
                                    new Tls(
                                            TlsMode.OFFERED,
                                            List.of("own"),
                                            ClientCertificates.NONE)),
                            tls,
                            all,
                            door -> new ChargingAcceptor(door, quotas));
        };
    }

    /** Mails a second. */
    private static double throughput(int port, boolean overTls) throws InterruptedException {
        AtomicLong mails = new AtomicLong();
        long begun = System.nanoTime();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                while (System.nanoTime() - begun < ROUND.toNanos()) {
                                    session(port, overTls, mails);
                                }
                            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        return mails.get() / ((System.nanoTime() - begun) / 1e9);
    }

    private static void session(int port, boolean overTls, AtomicLong mails) {
        try (SmtpDialogue client = SmtpDialogue.greet(port)) {
            if (overTls) {
                client.send("STARTTLS").expect(220);
                client.handshake();
                client.send("EHLO client.test").expect(250);
            }
            for (int i = 0; i < MAILS_OF_A_SESSION; i++) {
                if (client.mail("a@example.com", List.of("x@y.example"), MESSAGE).code() == 250) {
                    mails.incrementAndGet();
                }
            }
        }
    }

    private static double median(List<Double> rates) {
        return rates.stream().sorted().skip(rates.size() / 2).findFirst().orElseThrow();
    }
}
