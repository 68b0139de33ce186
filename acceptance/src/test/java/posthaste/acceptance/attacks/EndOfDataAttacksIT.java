package posthaste.acceptance.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static posthaste.acceptance.attacks.AttackedRelay.MESSAGE_LIMIT;
import static posthaste.acceptance.attacks.AttackedRelay.octets;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.testing.SmtpDialogue;

/**
 * Attacks 1 to 24: where a message ends. What is not CRLF dot CRLF ends none, and a message that
 * holds a CR or LF by itself, or a NUL, is refused at its true end; so nothing of the kind can
 * leave towards a server that reads it otherwise.
 */
class EndOfDataAttacksIT extends AttackSuite {
    private static final String HEADER = "Subject: attack\r\n\r\n";

    EndOfDataAttacksIT(AttackedRelay relay) {
        super(relay);
    }

    /** What comes before and after the dot, by number on the list. */
    static Stream<Arguments> falseEnds() {
        return Stream.of(
                Arguments.of(1, "\n", "\n"),
                Arguments.of(2, "\n", "\r\n"),
                Arguments.of(3, "\r\n", "\n"),
                Arguments.of(4, "\r", "\r"),
                Arguments.of(5, "\r", "\n"),
                Arguments.of(6, "\n", "\r"),
                Arguments.of(7, "\r", "\r\n"),
                Arguments.of(8, "\r\n", "\r"),
                Arguments.of(9, "\r\r\n", "\r\r\n"),
                Arguments.of(10, "\r\n\0", "\r\n"),
                Arguments.of(11, "\r\n", "\0\r\n"));
    }

    @Attack({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13})
    @ParameterizedTest(name = "#{0}")
    @MethodSource("falseEnds")
    void whatOnlyLooksLikeAnEndEndsNothing(int number, String before, String after) {
        assertThat(number).isBetween(1, 11);
        beginMessage();
        send(HEADER + "x" + before + "." + after + mark.smuggled());
        client.expect(550, "5.5.2");
        // What the smuggled mail's own end left over is one more command, as its sender meant it.
        isInStep();
        mark.nothingArrives();
    }

    /** Every pair of line ends that some server might take for one, but the true one. */
    static Stream<Arguments> otherFalseEnds() {
        List<String> ends =
                List.of(
                        "\n", "\r", "\r\n", "\r\r\n", "\r\n\n", "\n\r", "\r\0\n", "\0\r\n",
                        "\r\n\0");
        List<Arguments> pairs = new ArrayList<>();
        for (String before : ends) {
            for (String after : ends) {
                boolean isTheEnd = before.endsWith("\r\n") && after.startsWith("\r\n");
                if (!isTheEnd) {
                    pairs.add(Arguments.of(before, after));
                }
            }
        }
        return pairs.stream();
    }

    @Attack({13, 15})
    @Test
    void noPairOfLineEndsEndsAMessageInAnySegments() {
        for (Arguments pair : otherFalseEnds().toList()) {
            String before = (String) pair.get()[0];
            String after = (String) pair.get()[1];
            try (SmtpDialogue other = relay.client()) {
                other.send(mark.mail()).expect(250);
                other.send(mark.rcpt()).expect(250);
                other.send("DATA").expect(354);
                other.sendBytes(octets(HEADER + "x"));
                for (byte octet : octets(before + "." + after)) {
                    other.sendBytes(new byte[] {octet});
                }
                other.sendBytes(octets("NOOP\r\nx\r\n.\r\n"));
                assertThat(other.reply().toString())
                        .as(Octets.visible(before + "." + after))
                        .startsWith("550 5.5.2");
                other.send("NOOP").expect(250, "2.0.0");
            }
        }
        mark.nothingArrives();
    }

    @Attack({12, 13})
    @ParameterizedTest
    @ValueSource(strings = {".\n", ".\r", ".\0\r\n", "\n.\r\n", "\r.\r\n", "..\n.\n"})
    void aMessageThatBeginsLikeItsEndGoesOn(String begin) {
        beginMessage();
        send(begin + mark.smuggled());
        client.expect(550, "5.5.2");
        isInStep();
        mark.nothingArrives();
    }

    @Attack(13)
    @ParameterizedTest
    @ValueSource(strings = {"\u0085", "\u000b", "\f", "\u00e2\u0080\u00a8", "\u001e", "\u00ff"})
    void whatOthersMayTakeForALineEndIsText(String octets) {
        String message = HEADER + "x" + octets + "." + octets + "MAIL FROM:<evil@x.example>\r\n";
        beginMessage();
        client.sendMessage(octets(message)).expect(250, "queued as");
        isInStep();
        mark.arrives(message);
    }

    @Attack(14)
    @Test
    void stuffedDotsAreTakenOutAndPutInAgain() {
        String message = HEADER + "..x\r\n.x\r\n..\r\n.\r\n...\r\nx.\r\n.\r\n";
        beginMessage();
        client.sendMessage(octets(message)).expect(250, "queued as");
        mark.arrives(message);
    }

    @Attack(15)
    @Test
    void theEndIsFoundInFourSegments() throws InterruptedException {
        beginMessage();
        for (String segment : List.of(HEADER + "x\r", "\n.", "\r", "\n")) {
            send(segment);
            Thread.sleep(50);
        }
        client.expect(250, "queued as");
        isInStep();
        mark.arrives(HEADER + "x\r\n");
    }

    @Attack(15)
    @Test
    void aMailInSegmentsOfOneOctetIsAMail() {
        String message = HEADER + "..x\r\n";
        for (byte octet :
                octets(
                        mark.mail()
                                + "\r\n"
                                + mark.rcpt()
                                + "\r\nDATA\r\n"
                                + HEADER
                                + "...x\r\n.\r\nNOOP\r\n")) {
            client.sendBytes(new byte[] {octet});
        }
        client.expect(250);
        client.expect(250);
        client.expect(354);
        client.expect(250, "queued as");
        client.expect(250, "2.0.0");
        mark.arrives(message);
    }

    @Attack(16)
    @Test
    void anEmptyMessageIsAMail() {
        beginMessage();
        send(".\r\n");
        client.expect(250, "queued as");
        isInStep();
        mark.arrives("");
    }

    @Attack(17)
    @Test
    void nothingOfATooLargeMessageIsRun() {
        beginMessage();
        send(HEADER + "x".repeat(MESSAGE_LIMIT) + "\r\nRSET\r\n" + mark.smuggled());
        client.expect(552, "5.3.4");
        isInStep();
        mark.nothingArrives();
    }

    @Attack(17)
    @Test
    void nothingOfATooLongHeaderIsRun() {
        beginMessage();
        send("X-Field: x\r\n".repeat(2000) + "\r\nRSET\r\n" + mark.smuggled());
        client.expect(552, "5.3.4");
        isInStep();
        mark.nothingArrives();
    }

    @Attack(17)
    @Test
    void whoGoesOnAndOnAfterARefusalIsCutOff() {
        beginMessage();
        String block = ("x".repeat(998) + "\r\n").repeat(100);
        try {
            for (int i = 0; i < 120; i++) {
                send(block);
            }
            send("\r\nRSET\r\n" + mark.smuggled());
            client.expect(421, "4.7.0");
            client.expectClosed();
        } catch (UncheckedIOException e) {
            // A reset while we still write is the same answer.
            assertThat(e).hasMessageMatching(".*(reset|pipe|abort).*");
        }
        mark.nothingArrives();
    }

    @Attack(19)
    @Test
    void aBareDotAfterTooMuchIsNoEndEither() {
        beginMessage();
        send(HEADER + "x".repeat(MESSAGE_LIMIT) + "\r\n.\nHELP\r\nHELP\r\n.\r\n");
        client.expect(552);
        isInStep();
        mark.nothingArrives();
    }

    @Attack(20)
    @ParameterizedTest
    @ValueSource(strings = {"half a mess", "whole line\r\n", "dot\r\n.", "dot and CR\r\n.\r"})
    void aClientThatClosesInTheMiddleLeavesNothingBehind(String end) {
        beginMessage();
        send(HEADER + end);
        client.close();
        mark.nothingArrives();
    }

    @Attack(21)
    @Test
    void aClientThatClosesAfterTheDotHasSentOneMailAtMost() {
        beginMessage();
        send(HEADER + "x\r\n.\r\n");
        client.close();
        mark.arrivesAtMostOnce();
    }

    @Attack(22)
    @Test
    void aRefusedMessageEndsItsTransaction() {
        beginMessage();
        send("x\n\r\n.\r\n");
        client.expect(550);
        client.send(mark.rcpt()).expect(503);
        client.send(mark.mail()).expect(250);
        client.send(mark.rcpt()).expect(250);
        client.send("DATA").expect(354);
        client.sendMessage(octets(HEADER)).expect(250);
        mark.arrives(HEADER);
    }

    @Attack(23)
    @Test
    void aMailInOneWriteIsOneMail() {
        send(
                String.join(
                        "\r\n",
                        mark.mail(),
                        mark.rcpt(),
                        "DATA",
                        HEADER + "x",
                        ".",
                        "NOOP",
                        mark.mail(),
                        mark.rcpt(),
                        "DATA",
                        HEADER + "y",
                        ".",
                        "QUIT",
                        ""));
        for (int mail = 0; mail < 2; mail++) {
            client.expect(250, "2.1.0");
            client.expect(250, "2.1.5");
            client.expect(354);
            client.expect(250, "queued as");
            client.expect(mail == 0 ? 250 : 221);
        }
        client.expectClosed();
        assertThat(mark.arrives(2))
                .extracting(MessageAsSent::below)
                .containsExactlyInAnyOrder(HEADER + "x\r\n", HEADER + "y\r\n");
    }

    @Attack(23)
    @Test
    void aMessageBehindARefusedDataIsNotRun() {
        send(mark.mail() + "\r\nDATA\r\nRSET\r\n" + mark.smuggled());
        client.expect(250, "2.1.0");
        client.expect(554, "5.5.1");
        client.expectClosed();
        mark.nothingArrives();
    }

    @Attack(24)
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\r\n", "\n\r\n"})
    void aRecipientHiddenInAHeaderFieldGetsNothing(String end) {
        beginMessage();
        send(
                "Subject: a"
                        + end
                        + "Bcc: victim@"
                        + mark.domain()
                        + "\r\nTo: victim@"
                        + mark.domain()
                        + "\r\n\r\nx\r\n.\r\n");
        client.expect(550, "5.5.2");
        isInStep();
        mark.nothingArrives();
    }

    @Attack(24)
    @Test
    void recipientsAreThoseOfTheEnvelopeAlone() {
        String message =
                "To: victim@%1$s\r\nBcc: victim@%1$s\r\n\r\nx\r\n".formatted(mark.domain());
        beginMessage();
        client.sendMessage(octets(message)).expect(250);
        assertThat(mark.arrives(1).getFirst().recipients()).containsExactly(mark.recipient());
    }
}
