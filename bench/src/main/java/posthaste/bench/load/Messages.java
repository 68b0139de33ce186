package posthaste.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import posthaste.bench.wire.MailMark;

/** The messages of a run: each with a header of its own above a body that all of its size share. */
final class Messages {
    private static final int LINE = 76;
    private static final String LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final String HEADER =
            """
            From: <bench@sender.example>\r
            To: <bench@bench.example>\r
            Subject: A message of the benchmark\r
            MIME-Version: 1.0\r
            Content-Type: text/plain\r
            """;
    private static final byte[] END = "\r\n.\r\n".getBytes(StandardCharsets.US_ASCII);

    private final int run;
    private final SizeMix sizes;
    private final List<ByteBuffer> bodies;
    private final SplittableRandom random = new SplittableRandom(1);

    Messages(int run, SizeMix sizes) {
        this.run = run;
        this.sizes = sizes;
        this.bodies = sizes.parts().stream().map(part -> body(part.octets())).toList();
    }

    /** One mail's message. */
    record Message(ByteBuffer header, ByteBuffer body) {
        int octets() {
            return header.remaining() + body.remaining();
        }
    }

    /** The next message, with the end of data behind its body. */
    Message next(int number, long dueAt) {
        String header = HEADER + new MailMark(run, number, dueAt).field() + "\r\n";
        return new Message(
                ByteBuffer.wrap(header.getBytes(StandardCharsets.US_ASCII)),
                bodies.get(sizes.draw(random)).duplicate());
    }

    /** Lines that no compression makes much smaller, and none of which begins with a dot. */
    private static ByteBuffer body(int messageOctets) {
        int octets = messageOctets - HEADER.length() - MailMark.LENGTH - 2;
        ByteBuffer body = ByteBuffer.allocateDirect(octets + END.length - 2);
        SplittableRandom random = new SplittableRandom(octets);
        int column = 0;
        for (int i = 0; i < octets - 2; i++) {
            // A line end needs two octets, which have to be left.
            if (column == LINE && i < octets - 4) {
                body.put((byte) '\r').put((byte) '\n');
                i++;
                column = 0;
            } else {
                body.put((byte) LETTERS.charAt(random.nextInt(LETTERS.length())));
                column++;
            }
        }
        return body.put(END).flip().asReadOnlyBuffer();
    }
}
