package posthaste.ingest.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import posthaste.body.MemoryBudget;
import posthaste.ingest.accept.IncomingMail;
import posthaste.ingest.accept.MessageSink;
import posthaste.ingest.accept.Refusal;
import posthaste.ingest.policy.StreamChoice;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.envelope.Stream;
import posthaste.mail.status.Reply;
import tools.jackson.core.JacksonException;

/**
 * Mutated mails as JSON, from the parser to the message that is made of them: each is refused with
 * a problem, or becomes a message that SMTP could have brought, without a field that nobody named.
 */
class JsonMailFuzzTest {
    private static final Stream STREAM = new Stream("transactional");

    private static final String MAIL =
            """
            {"from": "Ann <ann@example.org>", "to": ["bob@example.net", "Kim <kim@example.net>"],
             "cc": ["\u00fc@b\u00fccher.example"], "bcc": ["secret@example.net"],
             "subject": "Gr\u00fc\u00dfe {{name}}", "text": "Hello\\n.\\nworld\\r\\n", "html": "<p>{{name}}</p>",
             "attachments": [{"filename": "a\u00fc.txt", "contentType": "text/plain",
               "content": "aGVsbG8K", "cid": "logo"}],
             "headers": {"X-Campaign": "spring", "List-Id": "<l.example.org>"},
             "envelopeFrom": "bounce@example.org", "stream": "transactional",
             "tags": ["a", "b"], "metadata": {"order": "17"}}
            """;

    private static final String PERSONAL =
            """
            {"from": "ann@example.org", "subject": "For {{name}}", "text": "Dear {{name}},",
             "recipients": [{"to": "bob@example.net", "substitutions": {"name": "Bob"}},
               {"to": "Kim <kim@example.net>", "substitutions": {"name": "Kim"}}]}
            """;

    private static final List<String> PIECES =
            List.of(
                    "null",
                    "{}",
                    "[]",
                    "[null]",
                    "{\"to\": null}",
                    "\"\"",
                    "0",
                    "-1e999",
                    "true",
                    "\"",
                    "\\",
                    "\\r\\nX-Evil: 1",
                    "\\nX-Evil: 1\\n\\nx",
                    "\\u0000",
                    "\\ud800",
                    "\\u560a\\u560d",
                    "\\u2028",
                    "<a@b.c>",
                    "@",
                    "\"\"@[127.0.0.1]",
                    "group: a@b.c;",
                    "{{name}}",
                    "{{",
                    "}}",
                    ",",
                    ":",
                    "[[[[[[[[",
                    "{\"a\":{\"a\":{\"a\":",
                    "=?utf-8?q?=0d=0aX-Evil:_1?=",
                    "multipart/mixed; boundary=x",
                    "message/rfc822",
                    "text/html; charset=utf-16",
                    "x".repeat(1000),
                    "\u0000",
                    "\r\n");

    private final Injection injection =
            new Injection(
                    new SubmissionPolicy() {},
                    new StreamChoice(List.of(STREAM), _ -> true),
                    JsonMailFuzzTest::accept,
                    () -> true,
                    new MemoryBudget(64 << 20),
                    InstantSource.fixed(Instant.EPOCH),
                    new Injection.Limits(
                            20_000,
                            5_000,
                            20_000,
                            10,
                            Duration.ZERO,
                            new BodyPatience(Duration.ofMinutes(1), Duration.ofMinutes(1), 0),
                            STREAM));

    private final Submitter submitter =
            Submitter.connected("http", InetAddress.ofLiteral("127.0.0.1"));

    @Test
    void noMailAsJsonBreaksTheWayIn() {
        run(new Random(8259), 5_000);
    }

    @Test
    @Tag("full")
    void noMailAsJsonBreaksTheWayInForLong() {
        run(new Random(1), 100_000);
    }

    private void run(Random random, int runs) {
        int accepted = 0;
        for (int i = 0; i < runs; i++) {
            String input = mutated(random.nextInt(3) == 0 ? PERSONAL : MAIL, random);
            try {
                injection.composed(submitter, JsonMail.parse(input.getBytes(UTF_8)));
                accepted++;
            } catch (HttpProblem | JacksonException e) {
                assertThat(e.getMessage()).isNotEmpty();
            } catch (IOException | RuntimeException | Error e) {
                fail("with " + input, e);
            }
        }
        // Else the mutations would be so wild that nothing of the deeper parts is reached.
        assertThat(accepted).isGreaterThan(runs / 20);
    }

    private static String mutated(String original, Random random) {
        StringBuilder input = new StringBuilder(original);
        for (int n = random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(input.length() + 1);
            switch (random.nextInt(6)) {
                case 0 -> input.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 1 -> input.insert(at, (char) random.nextInt(0x250));
                case 2 -> input.delete(at, Math.min(input.length(), at + random.nextInt(20)));
                case 3 -> {
                    int to = Math.min(input.length(), at + random.nextInt(80));
                    input.insert(at, input.substring(at, to));
                }
                default -> replaceValue(input, random);
            }
        }
        return input.toString();
    }

    /** Puts a piece where a string stands: what is still JSON goes deepest. */
    private static void replaceValue(StringBuilder input, Random random) {
        int open = input.indexOf("\"", random.nextInt(input.length()));
        int close = input.indexOf("\"", open + 1);
        if (open >= 0 && close > 0) {
            String piece = PIECES.get(random.nextInt(PIECES.size()));
            if (random.nextBoolean()) {
                input.replace(open, close + 1, piece);
            } else {
                input.insert(open + 1, piece);
            }
        }
    }

    private static Reply accept(IncomingMail mail) throws IOException {
        StringBuilder message = new StringBuilder();
        try {
            mail.message()
                    .readTo(
                            new MessageSink() {
                                @Override
                                public void write(byte[] bytes, int offset, int length) {
                                    message.append(new String(bytes, offset, length, ISO_8859_1));
                                }

                                @Override
                                public void abandon() {
                                    message.setLength(0);
                                }
                            });
        } catch (Refusal e) {
            return e.reply();
        }
        String text = message.toString();
        String header = text.substring(0, Math.max(0, text.indexOf("\r\n\r\n")));
        if (text.replace("\r\n", "").chars().anyMatch(c -> "\r\n\0".indexOf(c) >= 0)
                || header.lines().anyMatch(line -> line.matches("(?i)(x-evil|bcc):.*"))
                || header.contains("secret@example.net")
                || mail.envelope().recipients().isEmpty()) {
            fail("accepted " + text);
        }
        return new Reply(250, "2.0.0 ok");
    }
}
