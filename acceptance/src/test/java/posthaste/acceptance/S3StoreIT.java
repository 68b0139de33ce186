package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SmtpDialogue;
import posthaste.testing.Transaction;
import posthaste.testing.s3.S3Fault;
import posthaste.testing.s3.S3Operation;
import posthaste.testing.s3.S3Server;

/** All of it over a bucket instead of body folders. */
@Tag("full")
class S3StoreIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int SESSIONS = 50;
    private static final int MAILS_EACH = 10;

    @TempDir static Path temp;
    private static S3Server s3;
    private static ScriptedSmtpPeer peer;
    private static RunningPosthaste posthaste;

    @BeforeAll
    static void start() throws Exception {
        s3 = S3Server.in(temp.resolve("s3"));
        peer = ScriptedSmtpPeer.start();
        posthaste = plan("data", S3Server.SECRET_KEY).start();
    }

    @AfterAll
    static void stop() throws Exception {
        posthaste.close();
        peer.close();
        s3.close();
    }

    @AfterEach
    void allIsWellAgain() {
        s3.faults().clear();
        peer.forgetRules();
    }

    @Test
    void whatIsRelayedIsWhatWasSubmittedAndLiesInTheBucket() throws Exception {
        for (int length : new int[] {100, 100_000, 3_000_000, 12_000_000}) {
            String recipient = "bytes-" + length + "@exact.example";
            byte[] message = message(length);
            posthaste.accept("ada@sender.example", List.of(recipient), message);
            assertThat(belowOurHeader(arrivedFor(recipient))).isEqualTo(message);
        }
        assertThat(posthaste.dataDir().resolve("bodies")).doesNotExist();
        try (var objects = Files.walk(temp.resolve("s3/mail/relay/primary"))) {
            assertThat(objects.filter(file -> file.toString().endsWith(".s3")).count())
                    .isGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void atFiftySessionsTenMailsShareARequestAndAFreshBodyIsNotAskedFor() throws Exception {
        s3.requests().reset();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> sessions = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                String recipient = "session-" + i + "@many.example";
                sessions.add(
                        threads.submit(() -> {
                            try (SmtpDialogue client = posthaste.client()) {
                                for (int n = 0; n < MAILS_EACH; n++) {
                                    RunningPosthaste.idIn(
                                            client.mail(
                                                    "ada@sender.example",
                                                    List.of(recipient),
                                                    message(10_240)));
                                }
                            }
                        }));
            }
            for (Future<?> session : sessions) {
                session.get();
            }
        }
        int mails = SESSIONS * MAILS_EACH;
        await().atMost(SOON)
                .until(() ->
                        peer.accepted().stream()
                                        .filter(mail -> mail.mail().contains("ada@"))
                                        .flatMap(mail -> mail.recipients().stream())
                                        .filter(to -> to.endsWith("@many.example"))
                                        .count()
                                == mails);
        System.out.printf(
                "%d mails: %d PUT, %d GET%n",
                mails, s3.requests().puts(), s3.requests().of(S3Operation.GET_OBJECT));
        assertThat(s3.requests().puts()).isLessThanOrEqualTo(mails / 10);
        assertThat(s3.requests().of(S3Operation.GET_OBJECT)).isLessThan(mails / 10);
    }

    @Test
    void anOutageIsToldToTheClientAndTheProbeAndPasses() {
        s3.faults().add(S3Fault.status(503));
        try (SmtpDialogue client = posthaste.client()) {
            SmtpDialogue.Reply reply =
                    client.mail("ada@sender.example", List.of("a@out.example"), message(100));
            assertThat(reply.toString()).startsWith("451 4.3.");
        }
        await().atMost(SOON)
                .until(() ->
                        posthaste.rest().get("/actuator/health/readiness").statusCode() == 503);
        assertThat(posthaste.rest().get("/actuator/health").body()).contains("HEAD_BUCKET");

        s3.faults().clear();
        posthaste.accept("ada@sender.example", List.of("b@out.example"), message(100));
        arrivedFor("b@out.example");
        await().atMost(SOON)
                .until(() ->
                        posthaste.rest().get("/actuator/health/readiness").statusCode() == 200);
        assertThat(posthaste.rest().get("/actuator/prometheus").body())
                .contains("posthaste_s3_request_seconds_count{operation=\"put_object\"}")
                .containsPattern(
                        "posthaste_s3_failures_total\\{operation=\"put_object\",outcome=\"throttled\"\\} [1-9]");
    }

    @Test
    void aDeferredMailOutlivesKilledProcessAndStoreOutage() {
        peer.onRcpt("late@deferred.example").times(1).reply("451 4.7.1 come back later");
        byte[] message = message(5000);
        String id =
                posthaste.accept("ada@sender.example", List.of("late@deferred.example"), message);
        await().atMost(SOON).until(() -> posthaste.rest().kinds(id).contains("deferred"));
        posthaste.kill();
        s3.faults().add(S3Fault.reset());
        posthaste.restart();
        s3.faults().clear();

        assertThat(belowOurHeader(arrivedFor("late@deferred.example"))).isEqualTo(message);
    }

    @Test
    void aWrongSecretIsToldInOneSentence() {
        RunningPosthaste.Refusal refusal = plan("refused", "a-guessed-secret").refused();
        assertThat(refusal.status()).isEqualTo(1);
        assertThat(refusal.sentence())
                .hasLineCount(1)
                .startsWith("posthaste: posthaste.s3: ")
                .contains("refuses these credentials for the bucket 'mail' (403)")
                .doesNotContain("a-guessed-secret");
    }

    private static RunningPosthaste.Plan plan(String folder, String secret) {
        return RunningPosthaste.on(temp.resolve(folder))
                .relayingTo(peer.hostAndPort())
                .with("posthaste.retry.tiers", "3s")
                .with("posthaste.smtp.acceptance-deadline", "5s")
                .with("posthaste.body.store", "s3")
                .with("posthaste.s3.endpoint", s3.endpoint())
                .with("posthaste.s3.bucket", "mail")
                .with("posthaste.s3.create-bucket", true)
                .with("posthaste.s3.prefix", "relay/")
                .with("posthaste.s3.access-key", S3Server.ACCESS_KEY)
                .with("posthaste.s3.secret-key", secret);
    }

    private static Transaction arrivedFor(String recipient) {
        return await().atMost(SOON)
                .until(
                        () ->
                                peer.accepted().stream()
                                        .filter(mail -> mail.recipients().contains(recipient))
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Without the one Received field that we add. */
    private static byte[] belowOurHeader(Transaction mail) {
        byte[] message = mail.message();
        int at = 0;
        do {
            while (message[at++] != '\n') {}
        } while (message[at] == ' ' || message[at] == '\t');
        return Arrays.copyOfRange(message, at, message.length);
    }

    private static byte[] message(int length) {
        StringBuilder text = new StringBuilder("Subject: in a bucket\r\n\r\n");
        Random random = new Random(length);
        while (text.length() < length) {
            text.append("line ").append(random.nextLong()).append("\r\n");
        }
        return text.toString().getBytes(US_ASCII);
    }
}
