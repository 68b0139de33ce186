package posthaste.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import posthaste.body.BodyStore;
import posthaste.body.MemoryBudget;
import posthaste.body.StoredMessage;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.ingest.auth.users.ApiKey;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Split;
import posthaste.mail.record.Topics;
import posthaste.queue.MailQueue;
import posthaste.testing.FreePort;
import posthaste.testing.Requires;

/** Submission over HTTP: the service as it is deployed, with a real broker and bodies in files. */
class HttpInjectionIT {
    private static final String RAW = "message/rfc822";
    private static final String JSON = "application/json";
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-z]{26})\"");
    private static final long MIB = 1 << 20;

    @TempDir private static Path folder;

    private static EmbeddedBroker broker;
    private static int port;
    private static ConfigurableApplicationContext service;

    @BeforeAll
    static void start() throws IOException {
        // A user without a password: only her keys let her in.
        Path users =
                Files.writeString(
                        folder.resolve("users"),
                        Stream.of("good", "other", "limited")
                                .map(name ->
                                        "user %1$s senders=*%nkey web user=%1$s hash=%2$s scopes=send%n"
                                                .formatted(name, ApiKey.hash(name)))
                                .collect(
                                        Collectors.joining(
                                                "",
                                                "",
                                                "key look user=good hash=%s scopes=read%n"
                                                        .formatted(ApiKey.hash("looking")))));
        Path policy =
                Files.writeString(
                        folder.resolve("policy.yaml"),
                        """
                        limits:
                          - {per: login, of: [limited], messages: 2/h, recipients-per-mail: 3}
                        recipients: {block: [blocked.example]}
                        """);
        broker =
                EmbeddedBroker.start(
                        folder.resolve("kafka"),
                        BrokerSettings.forTests().withPort(FreePort.tcp()));
        port = FreePort.tcp();
        service =
                new SpringApplicationBuilder(IngestApplication.class)
                        .run(
                                "--posthaste.data-dir=" + folder.resolve("data"),
                                "--posthaste.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                                "--posthaste.queue.partitions=2",
                                "--posthaste.queue.replication=1",
                                "--posthaste.queue.min-insync-replicas=1",
                                "--posthaste.smtp.address=127.0.0.1",
                                "--posthaste.smtp.port=0",
                                "--posthaste.smtp.host-name=mx.posthaste.test",
                                "--posthaste.http.max-json-size=1MB",
                                "--posthaste.login.users-file=" + users,
                                "--posthaste.policy.file=" + policy,
                                "--posthaste.smtp.data-grace=2s",
                                "--posthaste.smtp.min-data-rate=1KB",
                                "--server.tomcat.connection-timeout=4s",
                                "--posthaste.body.free-space-floor=1MB",
                                "--management.server.port=" + port);
    }

    @AfterAll
    static void stop() {
        service.close();
        broker.close();
    }

    @Test
    void aRawMessageIsRelayedAsItIsWithWhatItLacks() throws Exception {
        HttpResponse<String> answer =
                post(
                        "?from=a@example.org&to=x@y.example&to=z@w.example&stream=bulk",
                        RAW,
                        "Subject: \u00fc\r\n\r\n.\r\n..x\r\n\u00e9");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        Mail mail = mailOf(answer);
        assertThat(mail.envelope().reversePath()).hasToString("a@example.org");
        assertThat(mail.recipients()).containsExactly("x@y.example", "z@w.example");
        assertThat(mail.envelope().stream().name()).isEqualTo("bulk");
        assertThat(mail.envelope().client().login()).contains("good");
        assertThat(mail.message())
                .startsWith("Date: ")
                .contains("\r\nMessage-ID: <" + mail.envelope().id() + "@mx.posthaste.test>\r\n")
                .endsWith(
                        new String(
                                "\r\nSubject: \u00fc\r\n\r\n.\r\n..x\r\n\u00e9".getBytes(UTF_8),
                                ISO_8859_1));
    }

    @Test
    void linesOfAFileGetTheEndsThatMailHas() throws Exception {
        Path file = Files.writeString(folder.resolve("mail.eml"), "Subject: x\n\none\ntwo\n");
        Process curl =
                new ProcessBuilder(
                                Requires.program("curl").toString(),
                                "-sS",
                                "-H",
                                "Authorization: Bearer good",
                                "-H",
                                "Content-Type: message/rfc822",
                                "--data-binary",
                                "@" + file,
                                "http://127.0.0.1:"
                                        + port
                                        + "/api/v1/messages?from=a@example.org&to=x@y.example")
                        .redirectErrorStream(true)
                        .start();
        String answer = new String(curl.getInputStream().readAllBytes(), UTF_8);
        assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(mailOf(answer).message()).endsWith("\r\nSubject: x\r\n\r\none\r\ntwo\r\n");
    }

    @Test
    void theEnvelopeIsTakenFromTheHeaderAndBccStaysSecret() throws Exception {
        HttpResponse<String> answer =
                post(
                        "",
                        RAW,
                        lines(
                                "From: Ann <a@example.org>",
                                "To: B <b@y.example>,",
                                " c@y.example",
                                "Bcc: secret@w.example",
                                "Cc: d@y.example",
                                "",
                                "hello",
                                ""));
        Mail mail = mailOf(answer);
        assertThat(mail.envelope().reversePath()).hasToString("a@example.org");
        assertThat(mail.recipients())
                .containsExactly("b@y.example", "c@y.example", "d@y.example", "secret@w.example");
        assertThat(mail.message()).doesNotContain("Bcc", "secret");
    }

    @Test
    void aHundredMebibytesStreamThroughWithinTheMemoryBudget() throws Exception {
        long size = 100 * MIB;
        HttpResponse<String> answer =
                send(
                        "?from=a@example.org&to=x@large.example",
                        RAW,
                        "good",
                        "",
                        BodyPublishers.ofInputStream(() -> new Lines(size)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        Envelope envelope = mailIn(answer.body()).envelope();
        Job job = (Job) recordOf(idIn(answer.body()));
        assertThat(job.body().length()).isGreaterThanOrEqualTo(size);
        assertThat(envelope.recipients()).hasSize(1);
        MemoryBudget memory = service.getBean(MemoryBudget.class);
        assertThat(memory.used()).isLessThan(memory.size());
    }

    @Test
    void jsonBecomesAMessageWithAllItsParts() throws Exception {
        HttpResponse<String> answer =
                post(
                        "",
                        JSON,
                        """
                        {"from": "\u00c4nn <a@example.org>", "to": ["Bob <b@y.example>"],
                         "cc": ["c@y.example"], "bcc": ["secret@w.example"],
                         "subject": "Gr\u00fc\u00dfe", "text": "plain \u20ac\\nsecond",
                         "html": "<p>html</p><img src='cid:logo'>",
                         "headers": {"Reply-To": "r@example.org", "X-Own": "\u00e9"},
                         "tags": ["welcome"], "metadata": {"order": "42"},
                         "envelopeFrom": "bounces@example.org", "stream": "bulk",
                         "attachments": [
                           {"filename": "l\u00f6go.png", "contentType": "image/png", "content": "AAECAw==", "cid": "logo"},
                           {"filename": "a.txt", "contentType": "text/plain", "content": "bGY9Cg=="}]}
                        """);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        Mail mail = mailOf(answer);
        assertThat(mail.envelope().reversePath()).hasToString("bounces@example.org");
        assertThat(mail.recipients())
                .containsExactly("b@y.example", "c@y.example", "secret@w.example");
        assertThat(mail.message()).doesNotContain("secret").containsOnlyOnce("Message-ID");
        MimeMessage message = parsed(mail);
        assertThat(message.getSubject()).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(message.getHeader("Reply-To")).containsExactly("r@example.org");
        assertThat(message.getHeader("X-Tag")).containsExactly("welcome");
        assertThat(message.getHeader("X-Metadata")).containsExactly("order=42");
        MimeMultipart mixed = (MimeMultipart) message.getContent();
        MimeMultipart alternative = (MimeMultipart) mixed.getBodyPart(0).getContent();
        assertThat(alternative.getBodyPart(0).getContent()).isEqualTo("plain \u20ac\r\nsecond");
        MimeMultipart related = (MimeMultipart) alternative.getBodyPart(1).getContent();
        assertThat(related.getBodyPart(0).getContent()).asString().contains("<p>html</p>");
        assertThat(related.getBodyPart(1).getInputStream().readAllBytes())
                .containsExactly(0, 1, 2, 3);
        assertThat(related.getBodyPart(1).getHeader("Content-ID")).containsExactly("<logo>");
        assertThat(mixed.getBodyPart(1).getFileName()).isEqualTo("a.txt");
        assertThat(mixed.getBodyPart(1).getInputStream().readAllBytes())
                .isEqualTo("lf=\n".getBytes(UTF_8));
    }

    @Test
    void personalizedRecipientsGetAMailEach() throws Exception {
        HttpResponse<String> answer =
                post(
                        "",
                        JSON,
                        """
                        {"from": "a@example.org", "subject": "Hi {{name}}",
                         "text": "{{ name }}: {{code}}", "html": "<b>{{name}}</b>",
                         "recipients": [
                           {"to": "b@y.example", "substitutions": {"name": "<Bob>", "code": "1"}},
                           {"to": "c@y.example", "substitutions": {"name": "{{code}}", "code": "2"}}]}
                        """);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        List<String> ids = ID.matcher(answer.body()).results().map(id -> id.group(1)).toList();
        assertThat(ids).hasSize(2);
        MimeMessage first = parsed(mailWith(ids.get(0)));
        MimeMultipart parts = (MimeMultipart) first.getContent();
        assertThat(first.getSubject()).isEqualTo("Hi <Bob>");
        assertThat(parts.getBodyPart(0).getContent()).isEqualTo("<Bob>: 1");
        assertThat(parts.getBodyPart(1).getContent()).isEqualTo("<b>&lt;Bob&gt;</b>");
        assertThat(parsed(mailWith(ids.get(1))).getSubject()).isEqualTo("Hi {{code}}");
        assertThat(mailWith(ids.get(1)).recipients()).containsExactly("c@y.example");
    }

    @Test
    void theSameKeyAndPayloadGetTheSameAnswerAndAnotherPayloadNone() throws Exception {
        String mail = "{\"from\":\"a@example.org\",\"to\":[\"x@y.example\"],\"text\":\"once\"}";
        HttpResponse<String> first = sendWithKey("good", "k-1", mail);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
        assertThat(sendWithKey("good", "\"k-1\"", mail).body()).isEqualTo(first.body());
        assertThat(sendWithKey("good", "k-1", mail.replace("once", "twice")).statusCode())
                .isEqualTo(422);
        assertThat(sendWithKey("other", "k-1", mail).body()).isNotEqualTo(first.body());
        assertThat(sendWithKey("good", "k-2", mail).body()).isNotEqualTo(first.body());
        assertThat(sendWithKey("good", "k\t3", mail).statusCode()).isEqualTo(400);

        assertThat(sendWithKey("good", "k-4", "{\"from\":\"nobody\"}").statusCode()).isEqualTo(422);
        assertThat(sendWithKey("good", "k-4", mail).statusCode())
                .as("what was refused may be mended")
                .isEqualTo(202);
    }

    @Test
    void whileARequestIsCarriedOutItsKeyIsTaken() throws Exception {
        try (Socket slow = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            OutputStream out = slow.getOutputStream();
            out.write(
                    lines(
                                    "POST /api/v1/messages?from=a@example.org&to=x@y.example"
                                            + " HTTP/1.1",
                                    "Host: x",
                                    "Authorization: Bearer good",
                                    "Idempotency-Key: slow",
                                    "Content-Type: message/rfc822",
                                    "Content-Length: 100",
                                    "",
                                    "Subject: x",
                                    "")
                            .getBytes(ISO_8859_1));
            out.flush();
            await().untilAsserted(() ->
                    assertThat(sendWithKey("good", "slow", "{\"from\":\"nobody\"}").statusCode())
                            .isEqualTo(409));
        }
        // It was broken off, so nothing was accepted, and the key is free again.
        await().untilAsserted(() ->
                assertThat(sendWithKey("good", "slow", "{\"from\":\"nobody\"}").statusCode())
                        .isEqualTo(422));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"from\":\"a@example.org\",\"to\":[\"x@y.example\"],\"subject\":\"a\\r\\nBcc: e@f.example\"} | 422",
                "{\"from\":\"a@example.org\",\"to\":[\"x@y.example\"],\"headers\":{\"X-A\":\"a\\nBcc: e\"}} | 422",
                "{\"from\":\"a@example.org\",\"to\":[\"x@y.example\"],\"headers\":{\"X-A: b\\r\\nBcc\":\"e\"}} | 422",
                "{\"from\":\"a@example.org\",\"to\":[\"x@y.example\"],\"headers\":{\"Bcc\":\"e@f.example\"}} | 422",
                "{\"from\":\"a\\r\\nX: y <a@example.org>\",\"to\":[\"x@y.example\"]} | 422",
                "{\"from\":\"a@example.org\",\"to\":[\"x@y.example\\nBcc: e@f.example\"]} | 422",
                "{\"from\":\"a@example.org\",\"to\":[]} | 422",
                "{\"from\":\"a@example.org\",\"to\":[\"x@y.example\"],\"unknown\":1} | 422",
                "{\"from\":\"a@example.org\",\"to\":[\"x@y.example\"],\"stream\":\"none\"} | 403",
                "{\"from\":\"a@example.org\",\"recipients\":[{\"to\":\"x@y.example\"}],\"text\":\"{{a}}\"} | 422",
                "{\"from\":\"a@example.org\",\"to\":[\"x@y.example\"],\"attachments\":[{\"content\":\"*\",\"cid\":\"a b\"}]} | 422",
                "no json | 422",
                "[] | 422",
            })
    void whatIsWrongIsRefusedWithASentence(String mail, int status) throws Exception {
        int before = queued().size();
        HttpResponse<String> answer = post("", JSON, mail);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        assertThat(answer.body()).contains("\"detail\":\"");
        assertThat(queued()).hasSize(before);
    }

    @Test
    void whoIsNotLetInAndWhatIsTooMuchIsRefused() throws Exception {
        String mail = "Subject: x\r\n\r\n";
        String to = "?from=a@example.org&to=x@y.example";
        int before = queued().size();
        HttpResponse<String> stranger = send(to, RAW, "bad", "", BodyPublishers.ofString(mail));
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(stranger.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(send(to, "text/plain", "good", "", BodyPublishers.ofString(mail)).statusCode())
                .isEqualTo(415);
        assertThat(post(to, RAW, "Subject: x\r\n\r\na\rb\r\n").statusCode()).isEqualTo(422);
        assertThat(post(to, RAW, "Subject: x\r\n\r\na\0b\r\n").statusCode()).isEqualTo(422);
        assertThat(post("?from=a@example.org&to=nobody", RAW, mail).statusCode()).isEqualTo(422);
        assertThat(post(to, JSON, "\"" + "x".repeat(2_000_000)).statusCode()).isEqualTo(413);
        String header = "A: " + "x".repeat(900) + "\r\n";
        assertThat(post(to, RAW, header.repeat(1000)).statusCode()).isEqualTo(413);
        assertThat(post("", RAW, header.repeat(1000)).statusCode()).isEqualTo(413);
        assertThat(queued()).hasSize(before);
    }

    @Test
    void whatIsTooMuchOfSomethingIsRefusedWithATimeToComeAgain() throws Exception {
        String mail = "Subject: x\r\n\r\n";
        String to = "?from=a@example.org&to=x@limited.example";
        BodyPublisher body = BodyPublishers.ofString(mail);
        assertThat(
                        send(
                                to + "&to=b@y.example&to=c@y.example&to=d@y.example",
                                RAW,
                                "limited",
                                "",
                                body))
                .satisfies(some -> {
                    assertThat(some.statusCode()).isEqualTo(202);
                    assertThat(some.body()).contains("d@y.example\",\"reply\":\"452 4.5.3");
                });
        assertThat(send(to, RAW, "limited", "", body).statusCode()).isEqualTo(202);
        int before = queued().size();
        HttpResponse<String> third = send(to, RAW, "limited", "", body);
        assertThat(third.statusCode()).as(third.body()).isEqualTo(429);
        assertThat(third.body()).contains("\"smtpReply\":\"45");
        assertThat(Long.parseLong(third.headers().firstValue("Retry-After").orElseThrow()))
                .isPositive();
        assertThat(post("?from=a@example.org&to=x@blocked.example", RAW, mail).statusCode())
                .isEqualTo(403);
        assertThat(queued()).hasSize(before);
    }

    @Test
    void aKeyForSomethingElseSendsNothing() throws Exception {
        assertThat(send("", JSON, "looking", "", BodyPublishers.ofString("{}")).statusCode())
                .isEqualTo(403);
    }

    @Test
    void whoSendsABodyOctetByOctetIsNotWaitedFor() throws Exception {
        int before = queued().size();
        assertThat(statusOfASlowBody(Duration.ofMillis(100))).startsWith("HTTP/1.1 408");
        assertThat(statusOfASlowBody(Duration.ofHours(1))).startsWith("HTTP/1.1 408");
        assertThat(queued()).hasSize(before);
    }

    @Test
    void itsDescriptionIsServed() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> description =
                    client.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:"
                                                            + port
                                                            + "/api/v1/openapi.json"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(description.statusCode()).isEqualTo(200);
            assertThat(description.body()).contains("\"submitMessage\"", "substitutions");
        }
    }

    /** The first line of the answer to who pauses so long after each octet. */
    private static String statusOfASlowBody(Duration pause) throws Exception {
        try (Socket slow = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            slow.setSoTimeout(60_000);
            OutputStream out = slow.getOutputStream();
            out.write(
                    lines(
                                    "POST /api/v1/messages?from=a@example.org&to=x@y.example"
                                            + " HTTP/1.1",
                                    "Host: x",
                                    "Authorization: Bearer good",
                                    "Content-Type: message/rfc822",
                                    "Content-Length: 100000",
                                    "",
                                    "Subject: x",
                                    "")
                            .getBytes(ISO_8859_1));
            Thread drip =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (true) {
                                        out.write('x');
                                        Thread.sleep(pause);
                                    }
                                } catch (IOException | InterruptedException e) {
                                    // We are not heard any more.
                                }
                            });
            try {
                return new BufferedReader(new InputStreamReader(slow.getInputStream(), ISO_8859_1))
                        .readLine();
            } finally {
                drip.interrupt();
                drip.join();
            }
        }
    }

    /** A mail as the queue and the store have it. */
    private record Mail(Envelope envelope, String message) {
        List<String> recipients() {
            return envelope.recipients().stream().map(one -> one.address().toString()).toList();
        }
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines);
    }

    private static HttpResponse<String> post(String query, String type, String body)
            throws Exception {
        return send(query, type, "good", "", BodyPublishers.ofString(body, UTF_8));
    }

    private static HttpResponse<String> sendWithKey(String secret, String key, String body)
            throws Exception {
        return send("", JSON, secret, key, BodyPublishers.ofString(body, UTF_8));
    }

    private static HttpResponse<String> send(
            String query, String type, String secret, String key, BodyPublisher body)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + port + "/api/v1/messages" + query))
                        .header("Content-Type", type)
                        .header("Authorization", "Bearer " + secret)
                        .POST(body);
        if (!key.isEmpty()) {
            request.header("Idempotency-Key", key);
        }
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static Mail mailOf(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return mailIn(answer.body());
    }

    private static Mail mailOf(String answer) throws Exception {
        return mailIn(answer);
    }

    private static Mail mailIn(String answer) throws Exception {
        return mailWith(idIn(answer));
    }

    private static String idIn(String answer) {
        Matcher id = ID.matcher(answer);
        assertThat(id.find()).as(answer).isTrue();
        return id.group(1);
    }

    private static Mail mailWith(String id) throws Exception {
        return switch (recordOf(id)) {
            case Job job -> mail(job.envelope().envelope(), job.body());
            case Split split -> mail(split.envelope().envelope(), split.body());
            default -> throw new AssertionError("no acceptance");
        };
    }

    private static Mail mail(Envelope envelope, BodyRef body) throws Exception {
        try (StoredMessage message =
                StoredMessage.open(service.getBean(BodyStore.class), body, envelope)) {
            if (message.length() > MIB) {
                return new Mail(envelope, "");
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            message.writeTo(out);
            return new Mail(envelope, out.toString(ISO_8859_1));
        }
    }

    private static MimeMessage parsed(Mail mail) throws Exception {
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(mail.message().getBytes(ISO_8859_1)));
    }

    private static MailRecord recordOf(String id) throws Exception {
        return queued().stream()
                .filter(record -> record.mailId().value().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<MailRecord> queued() throws Exception {
        List<MailRecord> records = new ArrayList<>();
        service.getBean(MailQueue.class)
                .scanner()
                .scan(
                        Topics.DELIVERY_GROUP,
                        List.of("mail.outbound.transactional", "mail.outbound.bulk"),
                        record -> records.add(record.content()));
        return records;
    }

    /** Lines of a message, as many as are wanted, from nowhere. */
    private static final class Lines extends InputStream {
        private static final byte[] LINE = ("x".repeat(76) + "\r\n").getBytes(ISO_8859_1);
        private static final byte[] HEADER = "Subject: large\r\n\r\n".getBytes(ISO_8859_1);
        private final long size;
        private long at;

        Lines(long size) {
            this.size = size / LINE.length * LINE.length + LINE.length;
        }

        @Override
        public int read() {
            if (at >= HEADER.length + size) {
                return -1;
            }
            long place = at++;
            return place < HEADER.length
                    ? HEADER[(int) place]
                    : LINE[(int) ((place - HEADER.length) % LINE.length)];
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int count = 0;
            for (int b = read(); b >= 0; b = count < length ? read() : -1) {
                bytes[offset + count++] = (byte) b;
                if (count == length) {
                    break;
                }
            }
            return count == 0 ? -1 : count;
        }
    }
}
