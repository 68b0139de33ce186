package posthaste.ingest.accept;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import posthaste.ingest.policy.HeaderLimits;

class HeaderScanTest {
    private static final HeaderLimits LIMITS = new HeaderLimits(10_000, 20, 3);

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
    })
    void theMessageIdIsKept(String header, String expected) {
        assertThat(scan(header).messageId()).contains(expected.replace("\t", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "'Subject: x\r\n\r\nMessage-ID: <body@b>\r\n'",
        "'Message-ID:\r\n\r\n'",
        "'Message-ID: \u0001\u2028\r\n\r\n'",
        "'X-Message-ID: <a@b>\r\n'",
        "'Message-IDs: <a@b>\r\n'",
        "'no field\r\nMessage-ID: <a@b>\r\n'",
        "' Message-ID: <a@b>\r\n'",
        "': x\r\nMessage-ID: <a@b>\r\n'",
        "''",
    })
    void whereThereIsNoneNoneIsKept(String header) {
        assertThat(scan(header).messageId()).isEmpty();
    }

    @Test
    void aMessageIdBeyondReasonIsNotKept() {
        assertThat(scan("Message-ID: <" + "x".repeat(5000) + ">\r\n").messageId()).isEmpty();
    }

    @Test
    void moreReceivedFieldsThanAllowedAreALoop() {
        String received = "Received: from a\r\n by b\r\n";
        assertThatCode(() -> scan(received.repeat(3) + "\r\n")).doesNotThrowAnyException();
        assertThatCode(() -> scan(received.repeat(3) + "\r\n" + received))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> scan(received.repeat(4))).hasMessageStartingWith("554 5.4.6");
        assertThatThrownBy(() -> scan("RECEIVED: x\r\n".repeat(4)))
                .hasMessageStartingWith("554 5.4.6");
        assertThatCode(() -> scan("X-Received: x\r\nReceived-SPF: x\r\n".repeat(4)))
                .doesNotThrowAnyException();
    }

    @Test
    void aHeaderHasBoundsAndABodyHasNone() {
        assertThatThrownBy(() -> scan("A: x\r\n".repeat(21))).hasMessageStartingWith("552 5.3.4");
        assertThatThrownBy(() -> scan("A: " + "x".repeat(10_000)))
                .hasMessageStartingWith("552 5.3.4");
        assertThatCode(() -> scan("A: x\r\n\r\n" + "x".repeat(100_000))).doesNotThrowAnyException();
        assertThatCode(() -> scan("x".repeat(100_000))).doesNotThrowAnyException();
        assertThatCode(() -> scan("A line\r\n" + "A: x\r\n".repeat(10_000)))
                .doesNotThrowAnyException();
    }

    @Test
    void blocksMayEndAnywhere() {
        byte[] header = "Subject: x\r\nMessage-ID:\r\n <a@b>\r\n\r\nbody".getBytes(UTF_8);
        HeaderScan scan = new HeaderScan(LIMITS);
        for (int i = 0; i < header.length; i++) {
            scan.read(header, i, 1);
        }
        assertThat(scan.messageId()).contains("<a@b>");
    }

    private static HeaderScan scan(String header) {
        HeaderScan scan = new HeaderScan(LIMITS);
        byte[] bytes = header.getBytes(UTF_8);
        scan.read(bytes, 0, bytes.length);
        return scan;
    }
}
