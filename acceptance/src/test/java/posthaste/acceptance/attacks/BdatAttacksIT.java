package posthaste.acceptance.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static posthaste.acceptance.attacks.AttackedRelay.MESSAGE_LIMIT;
import static posthaste.acceptance.attacks.AttackedRelay.octets;

import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.testing.SmtpDialogue;

/**
 * Attacks 25 to 32: chunks. Whatever is wrong with a BDAT, its octets are never commands; where it
 * is not known how many there are, the connection ends.
 */
class BdatAttacksIT extends AttackSuite {
    private static final String HEADER = "Subject: attack\r\n\r\n";

    BdatAttacksIT(AttackedRelay relay) {
        super(relay);
    }

    @Attack(25)
    @ParameterizedTest
    @ValueSource(strings = {"BDAT %d LAST", "BDAT %d last", "bdat %d Last", "bDaT %d lasT"})
    void theOctetsOfAChunkAreNeverCommands(String command) {
        String message = HEADER + "RSET\r\n.\r\n" + mark.smuggled();
        beginMail();
        send(command.formatted(message.length()) + "\r\n" + message + "NOOP\r\n");
        client.expect(250);
        client.expect(250, "2.0.0");
        mark.arrives(message);
    }

    @Attack(25)
    @Test
    void aMessageMayBeCutAnywhere() {
        String message = HEADER + "..x\r\n.\r\n\r\n.\r\ny\r\n";
        beginMail();
        for (byte octet : octets(message)) {
            client.send("BDAT 1").sendBytes(new byte[] {octet});
            client.expect(250);
        }
        send("BDAT 0 LAST\r\n");
        client.expect(250, "queued as");
        mark.arrives(message);
    }

    @Attack(25)
    @Test
    void aMailOfChunksInOneWriteIsOneMail() {
        send(
                String.join("\r\n", mark.mail(), mark.rcpt(), "BDAT 17", HEADER.stripTrailing())
                        + "\r\nBDAT 2\r\n\r\nBDAT 3 LAST\r\nx\r\nRSET\r\n");
        client.expect(250, "2.1.0");
        client.expect(250, "2.1.5");
        client.expect(250);
        client.expect(250);
        client.expect(250, "queued as");
        client.expect(250, "2.0.0");
        mark.arrives(HEADER + "x\r\n");
    }

    @Attack(25)
    @ParameterizedTest
    @ValueSource(strings = {"x\n.\ny\r\n", "x\ry\r\n", "x\0y\r\n", "x\r\r\n", "x\n", "x\r"})
    void whatNoMessageMayHoldNoChunkMayHold(String body) {
        beginMail();
        String message = HEADER + body;
        send("BDAT " + message.length() + " LAST\r\n" + message);
        client.expect(550, "5.5.2");
        isInStep();
        mark.nothingArrives();
    }

    @Attack(25)
    @Test
    void aLineEndMayFallBetweenTwoChunks() {
        beginMail();
        send("BDAT 20\r\n" + HEADER + "\r");
        client.expect(250);
        send("BDAT 3 LAST\r\n\n.\n");
        client.expect(550, "5.5.2");
        isInStep();
        beginMail();
        send("BDAT 20\r\n" + HEADER + "\r");
        client.expect(250);
        send("BDAT 4 LAST\r\n\n.\r\n");
        client.expect(250, "queued as");
        mark.arrives(HEADER + "\r\n.\r\n");
    }

    @Attack(26)
    @ParameterizedTest
    @ValueSource(strings = {"BDAT %d LAST", "BDAT %d"})
    void theOctetsOfAChunkWithoutRecipientsAreNotRun(String command) {
        client.send(mark.mail()).expect(250);
        isRefusedAndNothingRun(command, "503");
        mark.nothingArrives();
    }

    @Attack(26)
    @ParameterizedTest
    @ValueSource(strings = {"BDAT %d LAST", "BDAT %d"})
    void theOctetsOfAChunkWithoutAMailAreNotRun(String command) {
        isRefusedAndNothingRun(command, "503");
        mark.nothingArrives();
    }

    @Attack(27)
    @Test
    void theOctetsOfAChunkAreNotRunWhenAllRecipientsWereRefused() {
        client.send(mark.mail()).expect(250);
        client.send("RCPT TO:<no one@" + mark.domain() + ">").expect(501);
        client.send("RCPT TO:<>").expect(501);
        isRefusedAndNothingRun("BDAT %d LAST", "50[34]|554");
        mark.nothingArrives();
    }

    @Attack(28)
    @ParameterizedTest
    @ValueSource(
            strings = {"BDAT 1000 LAST\r\n", "BDAT 1000\r\n", "BDAT 25\r\n", "BDAT 26 LAST\r\n"})
    void whoClosesWithinAMessageHasSentNone(String command) {
        beginMail();
        send(command + "only twenty-five octets..");
        client.close();
        mark.nothingArrives();
    }

    @Attack(29)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "BDAT -1",
                "BDAT abc",
                "BDAT 99999999999999999999 LAST",
                "BDAT 9223372036854775808",
                "BDAT 4294967301 LAST",
                "BDAT 0x10 LAST",
                "BDAT 1e3",
                "BDAT +5 LAST",
                "BDAT ",
                "BDAT",
                "BDAT LAST",
                "BDAT 5,5",
                "BDAT \u00d9\u00a5 LAST"
            })
    void aSizeThatIsNoneEndsTheConnection(String command) {
        beginMail();
        send(command + "\r\nRSET\r\n" + mark.smuggled());
        assertThat(client.reply().code()).isBetween(500, 559);
        client.expectClosed();
        mark.nothingArrives();
    }

    @Attack(29)
    @ParameterizedTest
    @ValueSource(strings = {"BDAT %d FIRST", "BDAT %d LAST LAST", "BDAT %d LASTX", "BDAT %d,LAST"})
    void aCommandThatIsNoneRunsNothing(String command) {
        beginMail();
        isRefusedAndNothingRun(command, "50[0-4]");
        mark.nothingArrives();
    }

    @Attack(30)
    @Test
    void dataAfterAChunkIsRefusedAtOnce() {
        beginMail();
        send("BDAT 4\r\nabcd");
        client.expect(250);
        client.send("DATA").expect(503);
        client.send("RSET").expect(250);
        mark.nothingArrives();
    }

    @Attack(30)
    @Test
    void betweenChunksNothingElseOfATransactionIsTaken() {
        beginMail();
        send("BDAT " + HEADER.length() + "\r\n" + HEADER);
        client.expect(250);
        client.send(mark.mail()).expect(503);
        client.send("RCPT TO:<late@" + mark.domain() + ">").expect(503);
        send("BDAT 3 LAST\r\nx\r\n");
        client.expect(250, "queued as");
        assertThat(mark.arrives(HEADER + "x\r\n").recipients()).containsExactly(mark.recipient());
    }

    @Attack(30)
    @Test
    void afterTheLastChunkThereIsNoOther() {
        beginMail();
        send("BDAT " + HEADER.length() + " LAST\r\n" + HEADER);
        client.expect(250, "queued as");
        isRefusedAndNothingRun("BDAT %d LAST", "503");
        mark.arrives(HEADER);
    }

    @Attack(31)
    @Test
    void aChunkOverTheLimitIsRefusedAndNoneOfItRun() {
        beginMail();
        String smuggled = "RSET\r\n" + mark.smuggled();
        send("BDAT " + (MESSAGE_LIMIT + smuggled.length()) + " LAST\r\n");
        try {
            send("x".repeat(MESSAGE_LIMIT - 2) + "\r\n" + smuggled);
            client.expect(552, "5.3.4");
            afterARefusalOnlyTheMarkerIsHeard();
        } catch (UncheckedIOException e) {
            // It was not waited for; a reset while we still write is an end, too.
            assertThat(e).hasMessageMatching(".*(reset|pipe|abort).*");
        }
        mark.nothingArrives();
    }

    @Attack(31)
    @Test
    void chunksThatTogetherExceedTheLimitAreRefused() {
        beginMail();
        String half = "x".repeat(MESSAGE_LIMIT / 2 + 10);
        send("BDAT " + half.length() + "\r\n" + half);
        client.expect(250);
        send("BDAT " + half.length() + " LAST\r\n" + half);
        client.expect(552, "5.3.4");
        isInStep();
        mark.nothingArrives();
    }

    @Attack(31)
    @Tag("full")
    @Test
    void aChunkOfTwoGigabytesIsNotWaitedFor() {
        beginMail();
        long before = relay.posthaste().residentBytes();
        send("BDAT 2147483648 LAST\r\n");
        String block = ("x".repeat(998) + "\r\n").repeat(1000);
        try {
            for (int i = 0; i < 2147; i++) {
                send(block);
            }
            client.expect(552, "5.3.4");
            client.expectClosed();
        } catch (UncheckedIOException e) {
            assertThat(e).hasMessageMatching(".*(reset|pipe|abort).*");
        }
        assertThat(relay.posthaste().residentBytes() - before).isLessThan(200 << 20);
        mark.nothingArrives();
    }

    @Attack(32)
    @Test
    void noopBetweenChunksChangesNothingAndRsetForgets() {
        beginMail();
        send("BDAT 4\r\nabcd");
        client.expect(250);
        client.send("NOOP").expect(250);
        client.send("RSET").expect(250);
        isRefusedAndNothingRun("BDAT %d LAST", "503");

        try (SmtpDialogue other = relay.client()) {
            other.send(mark.mail()).expect(250);
            other.send(mark.rcpt()).expect(250);
            other.send("BDAT " + HEADER.length()).sendBytes(octets(HEADER));
            other.expect(250);
            other.send("NOOP").expect(250);
            other.send("BDAT 3 LAST", "x").expect(250, "queued as");
            other.send("NOOP").expect(250);
        }
        mark.arrives(HEADER + "x\r\n");
    }

    /** Sends a chunk of commands that would be answered; only the one behind it may be. */
    private void isRefusedAndNothingRun(String command, String code) {
        String octets =
                String.join(
                        "\r\n", "RSET", mark.mail(), "RCPT TO:<victim@" + mark.domain() + ">", "");
        send(command.formatted(octets.length()) + "\r\n" + octets);
        assertThat(String.valueOf(client.reply().code())).matches(code);
        afterARefusalOnlyTheMarkerIsHeard();
    }

    /** Either the connection has ended, or its octets are gone and the session is in step. */
    private void afterARefusalOnlyTheMarkerIsHeard() {
        List<String> replies = client.repliesTo("VRFY marker");
        assertThat(replies)
                .satisfiesAnyOf(
                        all -> assertThat(all).isEmpty(),
                        all -> assertThat(all).singleElement().asString().startsWith("252"));
    }
}
