package posthaste.ingest.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import posthaste.ingest.smtp.EndOfDataScanner.Flaw;

class EndOfDataScannerTest {
    private static final String[] PIECES = {
        "\r",
        "\n",
        ".",
        "\r\n",
        "\r\n.",
        "\r\n..",
        ".\r\n",
        "\n.\n",
        "\0",
        "a",
        "\t",
        "..",
        "\r\r\n",
        "Subject: x",
        "eight by",
        "\u00e4\u00ff\u0080",
        "x".repeat(40),
        "\r\n.\r\n"
    };

    @Test
    void dotsAreUnstuffedAndTheEndIsFound() {
        Scan scan = new Scan();
        scan.feed("Subject: x\r\n\r\n..\r\n..x\r\n.y\r\n.\r\nQUIT\r\n");
        assertThat(scan.rest).isEqualTo("QUIT\r\n");
        assertThat(scan.text()).isEqualTo("Subject: x\r\n\r\n.\r\n.x\r\ny\r\n");
        assertThat(scan.flaws).isEmpty();
    }

    @Test
    void theEndMayComeOctetByOctet() {
        Scan scan = new Scan();
        for (char octet : "x\r\n..\r\n.\r\n".toCharArray()) {
            assertThat(scan.scanner.found()).isFalse();
            scan.feed(String.valueOf(octet));
        }
        assertThat(scan.scanner.found()).isTrue();
        assertThat(scan.text()).isEqualTo("x\r\n.\r\n");
    }

    @Test
    void aDotAtOnceIsAnEmptyMessage() {
        Scan scan = new Scan();
        scan.feed(".\r\n");
        assertThat(scan.scanner.found()).isTrue();
        assertThat(scan.text()).isEmpty();
    }

    @Test
    void flawsAreToldAndEndNothing() {
        assertThat(flaws("x\n.\n")).containsExactly(Flaw.BARE_LF);
        assertThat(flaws("x\r.\r")).containsExactly(Flaw.BARE_CR);
        assertThat(flaws("x\r\n.\ry")).containsExactly(Flaw.BARE_CR);
        assertThat(flaws("x\0y")).containsExactly(Flaw.NUL);
        assertThat(flaws("x\r\ny\tz\u00ff")).isEmpty();
    }

    /** 100,000 messages against a definition of a few lines, cut into blocks anywhere. */
    @Test
    void theScannerDoesAsItsDefinitionSays() {
        compare(new Random(5321), 100_000);
    }

    @Test
    @Tag("full")
    void theScannerDoesAsItsDefinitionSaysForLong() {
        compare(new Random(1), 5_000_000);
    }

    private static void compare(Random random, int runs) {
        for (int run = 0; run < runs; run++) {
            StringBuilder input = new StringBuilder();
            for (int n = random.nextInt(14); n >= 0; n--) {
                input.append(PIECES[random.nextInt(PIECES.length)]);
            }
            compare(input.toString(), blocks(input.toString(), random));
        }
    }

    /** One input, which comes in these blocks, against the definition. */
    static void compare(String input, List<String> blocks) {
        Expected expected = Expected.of(input);
        Scan scan = new Scan();
        for (String block : blocks) {
            if (!scan.scanner.found()) {
                scan.feed(block);
            } else {
                scan.rest += block;
            }
        }
        assertThat(scan.scanner.found()).as("end of %s", input).isEqualTo(expected.found);
        assertThat(scan.flaws.isEmpty()).as("flaws of %s", input).isEqualTo(expected.clean);
        if (expected.found) {
            assertThat(scan.rest).as("after the end of %s", input).isEqualTo(expected.rest);
        }
        if (expected.found && expected.clean) {
            assertThat(scan.text()).as("content of %s", input).isEqualTo(expected.content);
        }
    }

    private static List<String> blocks(String input, Random random) {
        List<String> blocks = new ArrayList<>();
        int from = 0;
        while (from < input.length()) {
            int to = Math.min(input.length(), from + 1 + random.nextInt(40));
            blocks.add(input.substring(from, to));
            from = to;
        }
        return blocks;
    }

    private static Set<Flaw> flaws(String message) {
        Scan scan = new Scan();
        scan.feed(message);
        assertThat(scan.scanner.found()).isFalse();
        return scan.flaws;
    }

    /** What RFC 5321 section 4.5.2 says, in the plainest way. */
    private record Expected(boolean found, String content, String rest, boolean clean) {
        static Expected of(String input) {
            int end = ("\r\n" + input).indexOf("\r\n.\r\n");
            boolean found = end >= 0;
            String stuffed = found ? input.substring(0, end) : input;
            String content = ("\r\n" + stuffed).replace("\r\n.", "\r\n").substring(2);
            String rest = found ? input.substring(end + 3) : "";
            // Without an end the last CR or dot may still become one.
            String judged = found ? stuffed : stuffed.replaceFirst("\r\\z", "");
            String without = judged.replace("\r\n", "");
            boolean clean = without.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
            return new Expected(found, content, rest, clean);
        }
    }

    private static final class Scan implements EndOfDataScanner.Content {
        private final EndOfDataScanner scanner = new EndOfDataScanner();
        private final StringBuilder content = new StringBuilder();
        private final Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
        private String rest = "";

        void feed(String block) {
            // In the middle of a larger array, as a connection's buffer is.
            byte[] bytes = ("\r\n.\r\n" + block + "\r\n.\r\n").getBytes(ISO_8859_1);
            int to = bytes.length - 5;
            int stop = scanner.scan(bytes, 5, to, this);
            rest = new String(bytes, stop, to - stop, ISO_8859_1);
        }

        String text() {
            return content.toString();
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
