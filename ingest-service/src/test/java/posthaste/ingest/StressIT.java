package posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import posthaste.body.MemoryBudget;
import posthaste.ingest.policy.AddressPattern;
import posthaste.ingest.policy.Haste;
import posthaste.ingest.policy.assembly.ListenerPolicies;
import posthaste.ingest.policy.book.Policy;
import posthaste.ingest.policy.dns.PolicyDns;
import posthaste.ingest.policy.rate.Quotas;
import posthaste.ingest.policy.rate.UsageBoard;
import posthaste.ingest.policy.relay.RelayRights;
import posthaste.ingest.policy.relay.RelayRules;
import posthaste.ingest.policy.stress.Pressure;
import posthaste.ingest.policy.stress.Stress;
import posthaste.ingest.policy.stress.StressLevel;
import posthaste.ingest.policy.stress.StressSettings;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.testing.SmtpDialogue;

/** Under pressure strangers stand back first, the slow are sent away, and others get through. */
class StressIT {
    private static final InetAddress STRANGER = InetAddress.ofLiteral("127.0.0.2");
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final byte[] MESSAGE =
            "Subject: x\r\n\r\ny\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int BUDGET = 4 << 20;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MemoryBudget memory = new MemoryBudget(BUDGET);
    private final List<SmtpDialogue> slow = new ArrayList<>();
    private volatile double fake;
    private Stress stress;
    private Quotas quotas;
    private ListenerUnderTest ingest;

    @AfterEach
    void stop() {
        slow.forEach(SmtpDialogue::close);
        ingest.close();
        stress.close();
        quotas.close();
    }

    @Test
    void slowSendersThatFillTheMemoryGiveWayToOthers() throws Exception {
        start(() -> (double) memory.used() / memory.size(), Duration.ofMillis(1500));
        byte[] half = ("x".repeat(78) + "\r\n").repeat(6000).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 30 && stress.level() == StressLevel.CALM; i++) {
            SmtpDialogue sender = stranger();
            slow.add(sender);
            sender.send("MAIL FROM:<slow@b.c>").expect(250);
            sender.send("RCPT TO:<x@local.test>").expect(250);
            sender.send("DATA").expect(354);
            sender.sendBytes(half);
            long before = memory.used();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> memory.used() != before || stress.level() != StressLevel.CALM);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> stress.level() != StressLevel.CALM);

        // The trusted get through while it lasts, and everyone once the slow are gone.
        await().atMost(Duration.ofSeconds(60)).until(this::aTrustedMailGetsThrough);
        await().atMost(Duration.ofSeconds(60)).until(() -> stress.level() == StressLevel.CALM);
        try (SmtpDialogue client = stranger()) {
            assertThat(client.mail("a@b.c", List.of("x@local.test"), MESSAGE).code())
                    .isEqualTo(250);
        }
        assertThat(ingest.accepted()).allMatch(mail -> mail.stored().length() < 1000);
        assertThat(meters.get("posthaste.ingest.stress").gauge().value()).isZero();
    }

    @Test
    void strangersAreSentAwayFirstAndTheTrustedLast() throws Exception {
        start(() -> fake, Duration.ofMillis(100));
        SmtpDialogue before = stranger();
        slow.add(before);
        become(0.9, StressLevel.TIGHT);
        try (SmtpDialogue client = SmtpDialogue.connect(STRANGER, HERE, ingest.port())) {
            client.expect(421, "4.3.2 too busy now");
        }
        before.send("MAIL FROM:<a@b.c>").expect(421, "4.3.2 too busy now");
        try (SmtpDialogue trusted = SmtpDialogue.greet(ingest.port())) {
            assertThat(trusted.mail("a@b.c", List.of("x@y.z"), MESSAGE).code()).isEqualTo(250);
            become(0.97, StressLevel.SEVERE);
            trusted.send("MAIL FROM:<a@b.c>").expect(452, "4.3.1 too busy now");
            become(0.1, StressLevel.CALM);
            assertThat(trusted.mail("a@b.c", List.of("x@y.z"), MESSAGE).code()).isEqualTo(250);
        }
        stranger().close();
    }

    @Test
    void underPressureAStrangerHasFewerCommandsAndLessTime() throws Exception {
        start(() -> fake, Duration.ofMillis(100));
        SmtpDialogue talker = stranger();
        SmtpDialogue silent = stranger();
        slow.add(talker);
        slow.add(silent);
        become(0.9, StressLevel.TIGHT);
        int code = 250;
        int said = 0;
        while (code == 250 && said < 20) {
            code = talker.send("NOOP").reply().code();
            said++;
        }
        assertThat(code).isEqualTo(421);
        assertThat(said).isLessThan(8);
        silent.expect(421, "4.4.2");
    }

    private boolean aTrustedMailGetsThrough() {
        try (SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            if (client.send("MAIL FROM:<a@b.c>").reply().code() != 250) {
                return false;
            }
            client.send("RCPT TO:<x@y.z>").expect(250);
            client.send("DATA").expect(354);
            return client.sendMessage(MESSAGE).reply().code() == 250;
        }
    }

    private SmtpDialogue stranger() {
        SmtpDialogue client = SmtpDialogue.connect(STRANGER, HERE, ingest.port());
        client.expect(220);
        client.send("EHLO client.test").expect(250);
        return client;
    }

    private void become(double share, StressLevel level) {
        fake = share;
        await().atMost(Duration.ofSeconds(30)).until(() -> stress.level() == level);
    }

    private void start(DoubleSupplier share, Duration patience) {
        Policy policy = policy(patience);
        stress =
                new Stress(
                        policy::stress,
                        List.of(new Pressure("memory", share)),
                        Duration.ofMillis(20),
                        meters);
        quotas =
                new Quotas(
                        policy::limits,
                        "one",
                        UsageBoard.ALONE,
                        InstantSource.system(),
                        System::nanoTime,
                        Duration.ofMinutes(1));
        ListenerSettings settings = ListenerUnderTest.settings(ListenerUnderTest.LIMITS);
        ingest =
                ListenerUnderTest.start(
                        settings,
                        memory,
                        new ListenerPolicies(
                                        () -> policy,
                                        quotas,
                                        new PolicyDns(policy::dns),
                                        stress,
                                        meters)
                                .of(settings.hostName(), settings.trusted(), false, List.of()),
                        door -> door);
    }

    private static Policy policy(Duration patience) {
        Policy usual = Policy.DEFAULT;
        return new Policy(
                new RelayRules(
                        RelayRights.DEFAULT, Map.of(), List.of(AddressPattern.parse("local.test"))),
                usual.limits(),
                usual.senders(),
                usual.recipients(),
                usual.helo(),
                usual.dns(),
                usual.dnsLists(),
                new StressSettings(
                        0.85,
                        0.95,
                        0.7,
                        Duration.ofMillis(100),
                        new Haste(patience, patience, 1 << 20, 3, 4)));
    }
}
