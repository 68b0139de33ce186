package posthaste.ingest.accept;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import posthaste.body.MemoryBudget;
import posthaste.ingest.message.HeaderField;
import posthaste.ingest.message.MessageHeader;
import posthaste.ingest.message.MessageHeader.End;
import posthaste.ingest.policy.HeaderLimits;

class HeaderReaderTest {
    private static final HeaderLimits LIMITS = new HeaderLimits(10_000, 20, 3);

    private final MemoryBudget memory = new MemoryBudget(1 << 20);

    @AfterEach
    void allMemoryIsGivenBack() {
        assertThat(memory.used()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'Message-ID: <a@b>\r\n\r\n', <a@b>",
        "'MESSAGE-id:<a@b>\r\n', <a@b>",
        "'Message-ID : <a@b>\r\n', <a@b>",
        "'Subject: x\r\nMessage-ID:\r\n <a@b>\r\nTo: c\r\n', <a@b>",
        "'Message-ID: <a\r\n\t@b>\r\n', <a\t@b>",
        "'Message-ID: <1@b>\r\nMessage-ID: <2@b>\r\n', <1@b>",
        "'Message-ID: <ü@b>\r\n', <ü@b>",
        "'Message-ID: <a@b>', <a@b>",
        "'Message-ID: \u0001\u2028<a@b>\r\n\r\n', <a@b>",
    })
    void aFieldIsFoundByItsName(String text, String expected) {
        assertThat(read(text).header.first("message-id").orElseThrow().visibleValue())
                .isEqualTo(expected.replace("\t", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "'Subject: x\r\n\r\nMessage-ID: <body@b>\r\n'",
        "'X-Message-ID: <a@b>\r\n'",
        "'Message-IDs: <a@b>\r\n'",
        "'no field\r\nMessage-ID: <a@b>\r\n'",
        "' Message-ID: <a@b>\r\n'",
        "': x\r\nMessage-ID: <a@b>\r\n'",
        "'\r\nMessage-ID: <a@b>\r\n'",
        "'Subject: x\r\nno field\r\nMessage-ID: <a@b>\r\n'",
        "'Message-ID'",
        "''",
    })
    void whatIsNoFieldEndsTheHeader(String text) {
        assertThat(read(text).header.has("Message-ID")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'A: x\r\n\r\nbody\r\n', 1, EMPTY_LINE, '\r\nbody\r\n'",
        "'\r\nbody\r\n', 0, EMPTY_LINE, '\r\nbody\r\n'",
        "'A: x\r\n y\r\nB: z\r\n', 2, END_OF_MESSAGE, ''",
        "'A: x', 1, END_OF_MESSAGE, ''",
        "'', 0, END_OF_MESSAGE, ''",
        "'A: x\r\nbody\r\n', 1, NO_FIELD, 'body\r\n'",
        "'body', 0, NO_FIELD, 'body'",
        "' folded into nothing\r\n', 0, NO_FIELD, ' folded into nothing\r\n'",
        "'A: x\r\n\rB: y\r\n', 1, NO_FIELD, '\rB: y\r\n'",
        "'A: x\r\nÄ: y\r\n', 1, NO_FIELD, 'Ä: y\r\n'",
    })
    void everyOctetIsEitherOfAFieldOrBelowTheHeader(String text, int fields, End end, String rest) {
        Reading reading = read(text);
        assertThat(reading.header.fields()).hasSize(fields);
        assertThat(reading.header.end()).isEqualTo(end);
        assertThat(reading.rest).isEqualTo(rest);
        assertThat(reading.fields() + reading.rest).isEqualTo(text);
    }

    @Test
    void moreReceivedFieldsThanAllowedAreALoop() {
        String received = "Received: from a\r\n by b\r\n";
        assertThatCode(() -> read(received.repeat(3) + "\r\n")).doesNotThrowAnyException();
        assertThatCode(() -> read(received.repeat(3) + "\r\n" + received))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> read(received.repeat(4))).hasMessageStartingWith("554 5.4.6");
        assertThatThrownBy(() -> read("RECEIVED: x\r\n".repeat(4)))
                .hasMessageStartingWith("554 5.4.6");
        assertThatCode(() -> read("X-Received: x\r\nReceived-SPF: x\r\n".repeat(4)))
                .doesNotThrowAnyException();
    }

    @Test
    void aHeaderHasBoundsAndABodyHasNone() {
        assertThatThrownBy(() -> read("A: x\r\n".repeat(21))).hasMessageStartingWith("552 5.3.4");
        assertThatThrownBy(() -> read("A: " + "x".repeat(10_000)))
                .hasMessageStartingWith("552 5.3.4");
        assertThatCode(() -> read("A: x\r\n\r\n" + "x".repeat(100_000))).doesNotThrowAnyException();
        assertThatCode(() -> read("x".repeat(100_000))).doesNotThrowAnyException();
        assertThatCode(() -> read("A line\r\n" + "A: x\r\n".repeat(10_000)))
                .doesNotThrowAnyException();
    }

    @Test
    void aHeaderWithoutMemoryIsRefusedForNow() {
        HeaderLimits wide = new HeaderLimits(1 << 20, 20, 3);
        MemoryBudget small = new MemoryBudget(64 << 10);
        try (HeaderReader reader = new HeaderReader(wide, small, Duration.ZERO)) {
            byte[] bytes = ("A: " + "x".repeat(500_000)).getBytes(UTF_8);
            assertThatThrownBy(() -> reader.read(bytes, 0, bytes.length))
                    .hasMessageStartingWith("452 4.3.1");
        }
        assertThat(small.used()).isZero();
    }

    @Test
    void blocksMayEndAnywhere() {
        String text = "Subject: x\r\nMessage-ID:\r\n <a@b>\r\n\r\nbody: x\r\n";
        for (int block = 1; block < text.length(); block++) {
            assertThat(read(text, block)).isEqualTo(read(text, text.length()));
        }
    }

    @Test
    void whateverComesEveryOctetOfItIsKept() {
        Random random = new Random(4);
        String alphabet = "aB:: \t\r\n\r\n\r\nReceived: \u00e4\u0000-~";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Reading reading;
            try {
                reading = read(text.toString(), 1 + random.nextInt(20));
            } catch (Refusal e) {
                continue;
            }
            assertThat(reading.fields() + reading.rest).isEqualTo(text.toString());
            assertThat(reading.header.fields())
                    .allSatisfy(field -> assertThat(field.name()).matches("[!-9;-~]+"));
        }
    }

    /** What came of a text. */
    private record Reading(MessageHeader header, String rest) {
        String fields() {
            return header.fields().stream()
                    .map(HeaderField::octets)
                    .map(octets -> new String(octets, UTF_8))
                    .collect(Collectors.joining());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Reading that
                    && fields().equals(that.fields())
                    && rest.equals(that.rest)
                    && header.end() == that.header.end();
        }

        @Override
        public int hashCode() {
            return fields().hashCode();
        }
    }

    private Reading read(String text) {
        return read(text, Integer.MAX_VALUE);
    }

    private Reading read(String text, int block) {
        byte[] bytes = text.getBytes(UTF_8);
        try (HeaderReader reader = new HeaderReader(LIMITS, memory, Duration.ZERO)) {
            int at = 0;
            while (at < bytes.length && !reader.hasEnded()) {
                int length = Math.min(block, bytes.length - at);
                int taken = reader.read(bytes, at, length);
                assertThat(taken).matches(t -> t == length || reader.hasEnded());
                at += taken;
            }
            if (!reader.hasEnded()) {
                reader.finish();
            }
            byte[] below = Arrays.copyOfRange(bytes, at, bytes.length);
            String rest = new String(reader.rest(), ISO_8859_1) + new String(below, ISO_8859_1);
            return new Reading(reader.header(), new String(rest.getBytes(ISO_8859_1), UTF_8));
        }
    }
}
