package posthaste.bench.sink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import posthaste.bench.wire.EventLoop;
import posthaste.bench.wire.MailMark;
import posthaste.bench.wire.Outbox;

/** One client's session with the sink: takes everything that is said in order. */
final class SinkSession implements EventLoop.Served {
    /** Where a mail's mark must stand: below the fields that relays add. */
    private static final int BEGINNING = 4096;

    private static final int LINE_LIMIT = 4096;

    private static final ByteBuffer GREETING = ascii("220 sink.bench.example ESMTP\r\n");
    private static final ByteBuffer EXTENSIONS =
            ascii("250-sink.bench.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n");
    private static final ByteBuffer OK = ascii("250 2.0.0 ok\r\n");
    private static final ByteBuffer GO_ON = ascii("354 go on\r\n");
    private static final ByteBuffer BYE = ascii("221 2.0.0 bye\r\n");
    private static final ByteBuffer UNKNOWN = ascii("500 5.5.1 not known\r\n");

    /**
     * A mail.
     *
     * @param octets of its message
     * @param mark what its header says of the run, if it is of one
     */
    record Mail(int recipients, long octets, Optional<MailMark> mark) {}

    /** How much of {@code CRLF . CRLF} has been seen. */
    private enum End {
        NONE,
        CR,
        CRLF,
        DOT,
        DOT_CR
    }

    private final SocketChannel channel;
    private final ByteBuffer block;
    private final Consumer<Mail> received;
    private final Outbox outbox = new Outbox();
    private final byte[] line = new byte[LINE_LIMIT];
    private int lineLength;
    private boolean inMessage;
    private boolean leaving;
    private End end = End.CRLF;
    private int recipients;
    private long octets;
    private final byte[] beginning = new byte[BEGINNING];
    private int beginningLength;

    /**
     * Serves a client.
     *
     * @param block to read into, which all sessions of one thread may share
     */
    SinkSession(SocketChannel channel, ByteBuffer block, Consumer<Mail> received) {
        this.channel = channel;
        this.block = block;
        this.received = received;
    }

    void greet(SelectionKey key) throws IOException {
        say(GREETING);
        flush(key);
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        if (key.isReadable()) {
            block.clear();
            int read = channel.read(block);
            if (read < 0) {
                channel.close();
                return;
            }
            block.flip();
            while (block.hasRemaining() && !leaving) {
                if (inMessage) {
                    readMessage();
                } else {
                    readLine();
                }
            }
        }
        flush(key);
    }

    @Override
    public void lost(IOException why) {
        // A client that goes away in the middle has sent nothing.
    }

    private void readLine() throws IOException {
        while (block.hasRemaining()) {
            byte b = block.get();
            if (b == '\n') {
                int length = lineLength;
                lineLength = 0;
                command(new String(line, 0, length, StandardCharsets.ISO_8859_1));
                return;
            }
            if (lineLength == LINE_LIMIT) {
                throw new IOException("a command line has no end");
            }
            line[lineLength++] = b;
        }
    }

    private void command(String text) {
        String verb = text.length() < 4 ? text : text.substring(0, 4);
        switch (verb.toUpperCase(Locale.ROOT)) {
            case "EHLO" -> say(EXTENSIONS);
            case "MAIL" -> {
                recipients = 0;
                say(OK);
            }
            case "RCPT" -> {
                recipients++;
                say(OK);
            }
            case "DATA" -> {
                inMessage = true;
                end = End.CRLF;
                octets = 0;
                beginningLength = 0;
                say(GO_ON);
            }
            case "QUIT" -> {
                say(BYE);
                leaving = true;
            }
            case "HELO", "RSET", "NOOP" -> say(OK);
            default -> say(UNKNOWN);
        }
    }

    private void readMessage() {
        int began = block.position();
        int at = began;
        int limit = block.limit();
        End now = end;
        boolean ended = false;
        while (at < limit && !ended) {
            byte b = block.get(at++);
            now =
                    switch (now) {
                        case NONE -> b == '\r' ? End.CR : End.NONE;
                        case CR -> b == '\n' ? End.CRLF : b == '\r' ? End.CR : End.NONE;
                        case CRLF -> b == '.' ? End.DOT : b == '\r' ? End.CR : End.NONE;
                        case DOT -> b == '\r' ? End.DOT_CR : End.NONE;
                        case DOT_CR -> {
                            ended = b == '\n';
                            yield b == '\r' ? End.CR : End.NONE;
                        }
                    };
        }
        end = now;
        octets += at - began;
        int kept = Math.min(at - began, BEGINNING - beginningLength);
        block.get(began, beginning, beginningLength, kept);
        beginningLength += kept;
        block.position(at);
        if (ended) {
            inMessage = false;
            received.accept(
                    new Mail(recipients, octets - 3, MailMark.find(beginning, beginningLength)));
            say(OK);
        }
    }

    private void say(ByteBuffer reply) {
        outbox.add(reply.duplicate());
    }

    private void flush(SelectionKey key) throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        boolean all = outbox.writeTo(channel);
        if (all && leaving) {
            channel.close();
            return;
        }
        int wanted = all ? SelectionKey.OP_READ : SelectionKey.OP_WRITE;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();
    }
}
