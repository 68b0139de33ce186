package posthaste.ingest.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Mutated mails as JSON, from the parser to the message that is made of them: each is refused with
 * a problem, or becomes a message that SMTP could have brought, without a field that nobody named.
 */
class JsonMailFuzzTest {
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

    private final JsonMailFuzz submission =
            new JsonMailFuzz(JsonMailFuzzTest::requireNoFieldThatNobodyNamed);

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
                accepted += submission.submit(input.getBytes(UTF_8)) ? 1 : 0;
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

    /** Of the header of what is accepted from a mail of ours. */
    private static void requireNoFieldThatNobodyNamed(String header) {
        if (header.lines().anyMatch(line -> line.matches("(?i)(x-evil|bcc):.*"))
                || header.contains("secret@example.net")) {
            fail("accepted " + header);
        }
    }
}
