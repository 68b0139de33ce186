package posthaste.ingest.content;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import posthaste.mail.status.Reply;

/** One clamd, asked by its command {@code INSTREAM} over TCP or a Unix socket. */
public final class ClamAvScanner implements Scanner {
    private static final byte[] INSTREAM = "zINSTREAM\0".getBytes(StandardCharsets.US_ASCII);
    private static final int CHUNK = 32 * 1024;
    private static final int ANSWER_LIMIT = 4096;
    private static final Pattern FOUND = Pattern.compile("stream: (.+) FOUND");
    private static final String NAME = "[^A-Za-z0-9._-]";
    private static final int NAME_LIMIT = 100;

    private final ClamAvAddress address;
    private final OnVirus onVirus;

    /** What becomes of a mail that holds a virus. */
    public enum OnVirus {
        /** The client gets a 554. */
        REFUSE,
        /** An operator is to look at it. */
        QUARANTINE
    }

    public ClamAvScanner(ClamAvAddress address, OnVirus onVirus) {
        this.address = address;
        this.onVirus = onVirus;
    }

    @Override
    public String place() {
        return address.toString();
    }

    @Override
    public Verdict ask(ScannedMail mail) throws TooLargeException, IOException {
        SocketAddress peer = address.resolve();
        try (SocketChannel channel =
                peer instanceof UnixDomainSocketAddress
                        ? SocketChannel.open(StandardProtocolFamily.UNIX)
                        : SocketChannel.open()) {
            channel.connect(peer);
            IOException brokenOff = send(mail, channel);
            String answer;
            try {
                answer = answer(channel);
            } catch (IOException e) {
                if (brokenOff != null) {
                    e.addSuppressed(brokenOff);
                }
                throw e;
            }
            return read(answer);
        }
    }

    /** It may answer before it has heard all: then the answer tells more than what is returned. */
    private static @Nullable IOException send(ScannedMail mail, SocketChannel channel)
            throws IOException {
        byte[] block = new byte[Integer.BYTES + CHUNK];
        ByteBuffer chunk = ByteBuffer.wrap(block);
        try (InputStream in = mail.message().open()) {
            int n;
            write(channel, ByteBuffer.wrap(INSTREAM));
            while ((n = in.readNBytes(block, Integer.BYTES, CHUNK)) > 0) {
                chunk.clear().putInt(n).rewind().limit(Integer.BYTES + n);
                try {
                    write(channel, chunk);
                } catch (IOException e) {
                    if (!channel.isOpen()) {
                        throw e;
                    }
                    return e;
                }
            }
            write(channel, chunk.clear().putInt(0).flip());
            return null;
        }
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int _ = channel.write(bytes);
        }
    }

    private static String answer(SocketChannel channel) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(ANSWER_LIMIT);
        while (channel.read(answer) >= 0) {
            int end = answer.position();
            if (end > 0 && answer.get(end - 1) == 0) {
                return new String(answer.array(), 0, end - 1, StandardCharsets.ISO_8859_1).strip();
            }
            if (!answer.hasRemaining()) {
                throw new IOException("clamd's answer does not end");
            }
        }
        throw new IOException("clamd broke off without an answer");
    }

    private Verdict read(String answer) throws TooLargeException, IOException {
        if (answer.equals("stream: OK")) {
            return Verdict.FINE;
        }
        Matcher found = FOUND.matcher(answer);
        if (found.matches()) {
            String name = found.group(1).replaceAll(NAME, "?");
            String shown = name.length() > NAME_LIMIT ? name.substring(0, NAME_LIMIT) : name;
            return switch (onVirus) {
                case REFUSE ->
                        new Verdict.Refuse(
                                new Reply(554, "5.7.1 the message contains a virus: " + shown));
                case QUARANTINE ->
                        new Verdict.Quarantine(
                                "clamav: " + shown, List.of(new AddedField("X-Virus", shown)));
            };
        }
        if (answer.contains("size limit exceeded")) {
            throw new TooLargeException("larger than clamd takes");
        }
        throw new IOException("clamd says: " + AddedField.onOneLine(answer));
    }
}
