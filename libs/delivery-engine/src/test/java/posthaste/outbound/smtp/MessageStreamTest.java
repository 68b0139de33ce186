package posthaste.outbound.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageStreamTest {
    private static final String LETTERS = "\r\n\r\n..a\0\u00e9/";

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "abc, abc~",
        "abc~, abc~",
        "., ..~",
        "..~, ...~",
        "a.b~.c~, a.b~..c~",
        "a~~.~, a~~..~",
    })
    void aDotThatBeginsALineIsDoubledAndTheLastLineEnds(String message, String onTheWire)
            throws IOException {
        String sent = message.replace("~", "\r\n");
        assertThat(written(sent, sent.length())).isEqualTo(onTheWire.replace("~", "\r\n"));
    }

    @Test
    void aLoneEndOfLineBecomesAWholeOne() throws IOException {
        assertThat(written("a\nb\rc\r\r\n\n\r.\n.", 99))
                .isEqualTo("a\r\nb\r\nc\r\n\r\n\r\n\r\n..\r\n..\r\n");
        assertThat(written("a\r", 9)).isEqualTo("a\r\n");
    }

    @Test
    void whereverAMessageIsCutTheSameLeaves() throws IOException {
        SplittableRandom random = new SplittableRandom(5321);
        for (int round = 0; round < 5000; round++) {
            StringBuilder message = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                message.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            String sent = message.toString();
            String expected = asByPatterns(sent);
            assertThat(written(sent, Math.max(1, sent.length()))).isEqualTo(expected);
            assertThat(written(sent, 1 + random.nextInt(5))).isEqualTo(expected);
        }
    }

    @Test
    void aConnectionThatFailsIsToldFromABody() {
        OutputStream closed = OutputStream.nullOutputStream();
        assertThatThrownBy(
                        () -> {
                            closed.close();
                            new MessageStream(closed).write(new byte[] {'a'});
                        })
                .isInstanceOf(MessageStream.PeerGoneException.class);
    }

    /** Inside of TLS each write would be a record of its own. */
    @Test
    void atTheEndNothingIsHeldBackByWhatGathersSmallWrites() throws IOException {
        AtomicInteger writes = new AtomicInteger();
        ByteArrayOutputStream peer =
                new ByteArrayOutputStream() {
                    @Override
                    public synchronized void write(byte[] bytes, int offset, int length) {
                        writes.incrementAndGet();
                        super.write(bytes, offset, length);
                    }
                };
        MessageStream stream = new MessageStream(new BufferedOutputStream(peer));
        stream.write(".\r\n".repeat(1000).getBytes(ISO_8859_1));
        stream.end();
        assertThat(peer.toString(ISO_8859_1)).isEqualTo("..\r\n".repeat(1000));
        assertThat(writes).hasValue(1);
    }

    private static String written(String message, int piece) throws IOException {
        ByteArrayOutputStream peer = new ByteArrayOutputStream();
        MessageStream stream = new MessageStream(peer);
        byte[] bytes = message.getBytes(ISO_8859_1);
        for (int i = 0; i < bytes.length; i += piece) {
            stream.write(bytes, i, Math.min(piece, bytes.length - i));
        }
        stream.end();
        return peer.toString(ISO_8859_1);
    }

    private static String asByPatterns(String message) {
        String lines = message.replaceAll("\r\n|\r|\n", "\r\n").replaceAll("(?<![^\n])\\.", "..");
        return lines.isEmpty() || lines.endsWith("\r\n") ? lines : lines + "\r\n";
    }
}
