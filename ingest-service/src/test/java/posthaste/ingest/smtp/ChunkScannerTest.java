package posthaste.ingest.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import posthaste.ingest.smtp.EndOfDataScanner.Flaw;

class ChunkScannerTest {
    private static final String[] PIECES = {
        "\r",
        "\n",
        ".",
        "\r\n",
        "\r\n.",
        "\r\n.\r\n",
        "\0",
        "a",
        "\r\r\n",
        "eight by",
        "\u00ff\u0080"
    };

    @Test
    void dotsAreContent() {
        Scan scan = new Scan();
        scan.feed(".\r\n..\r\n\r\n.\r\n");
        assertThat(scan.content).hasToString(".\r\n..\r\n\r\n.\r\n");
        assertThat(scan.flaws).isEmpty();
        assertThat(scan.scanner.endsWithinLine(scan)).isFalse();
    }

    @Test
    void aLineEndMayBeCutInTwo() {
        Scan scan = new Scan();
        scan.feed("x\r");
        scan.feed("");
        scan.feed("\n");
        assertThat(scan.scanner.endsWithinLine(scan)).isFalse();
        assertThat(scan.flaws).isEmpty();
    }

    @Test
    void anEmptyMessageEndsWithinNoLine() {
        Scan scan = new Scan();
        assertThat(scan.scanner.endsWithinLine(scan)).isFalse();
        assertThat(scan.flaws).isEmpty();
    }

    @Test
    void aCrAtTheVeryEndStandsAlone() {
        Scan scan = new Scan();
        scan.feed("x\r");
        scan.scanner.endsWithinLine(scan);
        assertThat(scan.flaws).containsExactly(Flaw.BARE_CR);
    }

    /** 100,000 messages against a definition of a few lines, cut into blocks anywhere. */
    @Test
    void theScannerDoesAsItsDefinitionSays() {
        Random random = new Random(3030);
        for (int run = 0; run < 100_000; run++) {
            StringBuilder message = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                message.append(PIECES[random.nextInt(PIECES.length)]);
            }
            List<String> blocks = new ArrayList<>();
            for (int from = 0; from < message.length(); ) {
                int to = Math.min(message.length(), from + 1 + random.nextInt(30));
                blocks.add(message.substring(from, to));
                from = to;
            }
            compare(message.toString(), blocks);
        }
    }

    /** One message, which comes in these blocks, against the definition. */
    static void compare(String message, List<String> blocks) {
        Scan scan = new Scan();
        blocks.forEach(scan::feed);
        boolean withinLine = scan.scanner.endsWithinLine(scan);
        String without = message.replace("\r\n", "");
        assertThat(scan.flaws.contains(Flaw.BARE_CR)).isEqualTo(without.contains("\r"));
        assertThat(scan.flaws.contains(Flaw.BARE_LF)).isEqualTo(without.contains("\n"));
        assertThat(scan.flaws.contains(Flaw.NUL)).isEqualTo(without.contains("\0"));
        assertThat(withinLine).isEqualTo(!message.isEmpty() && !message.endsWith("\r\n"));
        assertThat(scan.content).hasToString(message);
    }

    private static final class Scan implements EndOfDataScanner.Content {
        private final ChunkScanner scanner = new ChunkScanner();
        private final StringBuilder content = new StringBuilder();
        private final Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);

        void feed(String block) {
            // In the middle of a larger array, as a connection's buffer is.
            byte[] bytes = ("\n" + block + "\n").getBytes(ISO_8859_1);
            scanner.scan(bytes, 1, bytes.length - 1, this);
        }

        @Override
        public void octets(byte[] block, int offset, int length) {
            content.append(new String(block, offset, length, ISO_8859_1));
        }

        @Override
        public void flaw(Flaw flaw) {
            flaws.add(flaw);
        }
    }
}
