package posthaste.ingest.content;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import posthaste.ingest.ListenerUnderTest;
import posthaste.mail.envelope.FirstStop;
import posthaste.testing.SmtpDialogue;

/** The real rspamd and the real clamd, asked while a client waits for the reply to its dot. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealScannersIT {
    private static final int BEYOND_MEMORY = 700_000;

    @TempDir private Path folder;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private ScannerProcess rspamd;
    private ScannerProcess clamd;

    @BeforeAll
    void startScanners() throws Exception {
        rspamd = ScannerProcess.rspamd();
        clamd = ScannerProcess.clamd();
    }

    @AfterAll
    void stopScanners() {
        if (rspamd != null) {
            rspamd.close();
        }
        if (clamd != null) {
            clamd.close();
        }
    }

    @Test
    void anOrdinaryMailPassesWithTheFieldsOfRspamdOnTop() throws Exception {
        try (var content = both(clamd.tcp());
                var ingest = ListenerUnderTest.start(content)) {
            String message = message("hello", "x\r\n");
            submit(ingest, 250, "2.0.0", message);

            assertThat(ingest.accepted())
                    .singleElement()
                    .satisfies(mail -> {
                        assertThat(mail.message()).isEqualTo(message);
                        assertThat(mail.envelope().addedFields())
                                .isEqualTo(
                                        "X-Seen: a@b.example 2 127.0.0.1 client.test nil %s %d\r\n"
                                                .formatted(
                                                        mail.envelope().id(),
                                                        mail.stored().length()));
                        assertThat(mail.envelope().handling().firstStop())
                                .isEqualTo(new FirstStop.Attempt());
                    });
        }
    }

    @Test
    void spamIsRefusedAndNothingOfItIsKept() throws Exception {
        try (var content = both(clamd.tcp());
                var ingest = ListenerUnderTest.start(content)) {
            submit(
                    ingest,
                    554,
                    "5.7.1 Gtube pattern",
                    message("spam", ScannerProcess.GTUBE + "\r\n"));
            submit(ingest, 554, "5.7.1", message("please reject", filler()));

            assertThat(ingest.accepted()).isEmpty();
            assertThat(ingest.bodies.count()).isZero();
            assertThat(ingest.budget.used()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"soft reject,451,4.7.1 as asked X: y", "greylist,451,4.7.1", "reject,554,5.7.1"})
    void whatRspamdDecidesTheClientIsTold(String action, int code, String text) throws Exception {
        try (var content = both(clamd.tcp());
                var ingest = ListenerUnderTest.start(content)) {
            submit(ingest, code, text, message("please " + action, "x\r\n"));
            assertThat(ingest.accepted()).isEmpty();
        }
    }

    @Test
    void probableSpamIsMarked() throws Exception {
        try (var content = both(clamd.tcp());
                var ingest = ListenerUnderTest.start(content)) {
            submit(ingest, 250, "2.0.0", message("please add header", "x\r\n"));
            assertThat(ingest.accepted().getFirst().envelope().addedFields())
                    .startsWith("X-Spam: Yes\r\n");
        }
    }

    @Test
    void aVirusIsFoundOverTcpAndOverASocketInSmallAndLargeMessages() throws Exception {
        for (ClamAvAddress address : List.of(clamd.tcp(), clamd.socket())) {
            try (var content = both(address);
                    var ingest = ListenerUnderTest.start(content)) {
                submit(
                        ingest,
                        554,
                        "5.7.1 the message contains a virus: EICAR-TEST",
                        message("v", ScannerProcess.EICAR + "\r\n"));
                submit(
                        ingest,
                        554,
                        "5.7.1 the message contains a virus: EICAR-TEST",
                        message("v", filler() + ScannerProcess.EICAR + "\r\n"));
                assertThat(ingest.accepted()).isEmpty();
            }
        }
    }

    @Test
    void aVirusCanBeSetAside() throws Exception {
        try (var content =
                        new InspectContent(
                                List.of(
                                        inspector(
                                                "clamav",
                                                WithoutVerdict.CLOSED,
                                                new ClamAvScanner(
                                                        clamd.tcp(),
                                                        ClamAvScanner.OnVirus.QUARANTINE))),
                                Set.of(),
                                Set.of(),
                                new Spool(folder, 1000));
                var ingest = ListenerUnderTest.start(content)) {
            submit(ingest, 250, "2.0.0 queued as ", message("v", ScannerProcess.EICAR + "\r\n"));
            assertThat(ingest.accepted().getFirst().envelope().handling().firstStop())
                    .isEqualTo(new FirstStop.Quarantine("clamav: EICAR-TEST.UNOFFICIAL"));
            assertThat(ingest.accepted().getFirst().envelope().addedFields())
                    .isEqualTo("X-Virus: EICAR-TEST.UNOFFICIAL\r\n");
        }
    }

    @Test
    void whatClamdFindsTooLargePassesAsUnscanned() throws Exception {
        try (var content = both(clamd.tcp());
                var ingest = ListenerUnderTest.start(content)) {
            submit(ingest, 250, "2.0.0", message("large", filler() + filler()));
            assertThat(ingest.accepted().getFirst().envelope().addedFields())
                    .contains("X-Posthaste-Unscanned: clamav; larger than clamd takes\r\n");
        }
    }

    @Test
    void aScannerThatIsStoppedCostsNoMoreThanItsDeadline() throws Exception {
        try (var content = both(clamd.tcp());
                var ingest = ListenerUnderTest.start(content)) {
            clamd.signal("STOP");
            try {
                submit(ingest, 250, "2.0.0", message("hello", "x\r\n"));
            } finally {
                clamd.signal("CONT");
            }
            assertThat(ingest.accepted().getFirst().envelope().addedFields())
                    .contains("X-Posthaste-Unscanned: clamav; the scanner is late\r\n");
            submit(ingest, 554, "5.7.1", message("v", ScannerProcess.EICAR + "\r\n"));
        }
    }

    private InspectContent both(ClamAvAddress address) {
        return new InspectContent(
                List.of(
                        inspector(
                                "rspamd",
                                WithoutVerdict.CLOSED,
                                new RspamdScanner(
                                        rspamd.url(),
                                        "",
                                        new RspamdVerdicts(
                                                RspamdVerdicts.OnReject.REFUSE,
                                                RspamdVerdicts.OnAddHeader.TAG))),
                        inspector(
                                "clamav",
                                WithoutVerdict.OPEN,
                                new ClamAvScanner(address, ClamAvScanner.OnVirus.REFUSE))),
                Set.of(),
                Set.of(),
                new Spool(folder, 100_000));
    }

    private Inspector inspector(String name, WithoutVerdict whenAway, Scanner scanner) {
        return new Inspector(
                name,
                new ScannerSettings(
                        Duration.ofSeconds(name.equals("clamav") ? 2 : 20),
                        whenAway,
                        2_000_000,
                        WithoutVerdict.OPEN,
                        4,
                        5,
                        Duration.ofSeconds(1)),
                List.of(scanner),
                new ContentMetrics(meters));
    }

    private static void submit(ListenerUnderTest ingest, int code, String text, String message) {
        try (SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            SmtpDialogue.Reply reply =
                    client.mail(
                            "a@b.example",
                            List.of("x@one.example", "y@two.example"),
                            message.getBytes(ISO_8859_1));
            assertThat(reply.code()).as(reply.toString()).isEqualTo(code);
            assertThat(reply.text()).contains(text);
        }
    }

    private static String message(String subject, String body) {
        return "From: a@b.example\r\nSubject: " + subject + "\r\n\r\n" + body;
    }

    private static String filler() {
        return ("0123456789".repeat(7) + "\r\n").repeat(BEYOND_MEMORY / 72);
    }
}
