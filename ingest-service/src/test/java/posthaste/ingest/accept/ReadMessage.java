package posthaste.ingest.accept;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;

/** A message that was read to its end, one character an octet. */
public final class ReadMessage {
    private ReadMessage() {}

    /**
     * Reads it whole.
     *
     * @throws Refusal as whoever sends it deserves
     */
    public static String of(IncomingMail mail) throws IOException, Refusal {
        StringBuilder message = new StringBuilder();
        mail.message()
                .readTo(
                        new MessageSink() {
                            @Override
                            public void write(byte[] bytes, int offset, int length) {
                                message.append(new String(bytes, offset, length, ISO_8859_1));
                            }

                            @Override
                            public void abandon() {
                                message.setLength(0);
                            }
                        });
        return message.toString();
    }
}
