package posthaste.service.reload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.unit.DataSize;

/** Reads a text file whole: UTF-8 and nothing else, up to a size. */
public final class TextFile {
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private TextFile() {}

    /**
     * Returns the text, without a byte order mark.
     *
     * @throws WrongFileException when it is larger than {@code limit}, or is not UTF-8
     */
    public static String read(Path file, DataSize limit) throws IOException, WrongFileException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(Math.toIntExact(limit.toBytes() + 1));
        }
        if (bytes.length > limit.toBytes()) {
            throw WrongFileException.whole(file, "is larger than " + limit.toBytes() + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        if (result.isError()) {
            throw WrongFileException.at(file, lineOf(bytes, in.position()), "is not UTF-8");
        }
        String text = out.flip().toString();
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    private static int lineOf(byte[] bytes, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }
}
