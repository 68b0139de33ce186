package posthaste.ingest.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;

/** Messages by DATA and by BDAT, for a fuzzer: the first octet says in what blocks they come. */
public final class EndOfDataFuzz {
    private EndOfDataFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            String message = new String(input, 1, input.length - 1, ISO_8859_1);
            List<String> blocks = blocks(message, 1 + Byte.toUnsignedInt(input[0]));
            EndOfDataScannerTest.compare(message, blocks);
            ChunkScannerTest.compare(message, blocks);
        }
    }

    private static List<String> blocks(String message, int length) {
        List<String> blocks = new ArrayList<>();
        for (int from = 0; from < message.length(); from += length) {
            blocks.add(message.substring(from, Math.min(message.length(), from + length)));
        }
        return blocks;
    }
}
