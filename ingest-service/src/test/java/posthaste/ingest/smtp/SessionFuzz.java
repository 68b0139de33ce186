package posthaste.ingest.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;

/** What a client sends, for a fuzzer: the first octet says in what pieces the others come. */
public final class SessionFuzz {
    private SessionFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length > 0) {
            SmtpSessionFuzzTest.session(
                    new String(input, 1, input.length - 1, ISO_8859_1),
                    1 + Byte.toUnsignedInt(input[0]));
        }
    }
}
