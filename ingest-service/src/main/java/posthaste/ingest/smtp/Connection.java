package posthaste.ingest.smtp;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import posthaste.ingest.proxy.ProxyHeader;
import posthaste.ingest.tls.TlsChannel;

/**
 * One client's connection: reads blocks, hands out lines, gathers replies. Used by the session's
 * thread; the {@link Watchdog} may end it from outside.
 *
 * <p>Replies leave when nothing more is buffered to be read, so that a pipelined batch of commands
 * gets its replies in one write (RFC 2920).
 */
final class Connection implements AutoCloseable {
    /**
     * Octets of a command line with its CRLF: 512 by RFC 5321 section 4.5.3.1.4, and room for the
     * parameters of SIZE, BODY, SMTPUTF8 and DSN (RFC 3461 section 4 adds 500).
     */
    static final int LINE_LIMIT = 1024;

    /** A line that goes on and on is waited out so far. */
    static final int SKIPPED_LIMIT = 64 * 1024;

    private static final int BLOCK = 16 * 1024;
    private static final int REPLIES_LIMIT = 8 * 1024;
    private static final byte TLS_HANDSHAKE_RECORD = 0x16;
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Patience patience;
    private @Nullable TlsChannel tls;

    private final byte[] block = new byte[BLOCK];
    private int position;
    private int limit;

    private final ByteArrayOutputStream replies = new ByteArrayOutputStream(256);

    Connection(Socket socket, Patience patience) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.patience = patience;
    }

    Patience patience() {
        return patience;
    }

    /** Adds a reply to those that leave at the next {@link #flush}. */
    void say(String reply) throws IOException {
        replies.writeBytes(reply.getBytes(StandardCharsets.UTF_8));
        replies.write('\r');
        replies.write('\n');
        if (replies.size() > REPLIES_LIMIT) {
            flush();
        }
    }

    void flush() throws IOException {
        if (replies.size() > 0) {
            patience.write();
            if (tls == null) {
                replies.writeTo(out);
            } else {
                tls.write(replies.toByteArray());
            }
            replies.reset();
            patience.work();
        }
    }

    /** Whether the client has sent more than was read so far. */
    boolean hasMore() throws IOException {
        return position < limit || (tls == null ? in.available() > 0 : tls.hasMore());
    }

    /**
     * Reads what a proxy sends first (HAProxy's PROXY protocol).
     *
     * @return the client that it announces; empty when it speaks for itself
     */
    Optional<InetAddress> readProxyHeader() throws IOException {
        patience.shakeHands();
        while (true) {
            switch (ProxyHeader.read(block, position, limit)) {
                case ProxyHeader.Complete(int end, Optional<InetAddress> client) -> {
                    position = end;
                    patience.work();
                    return client;
                }
                case ProxyHeader.Wrong(String why) ->
                        throw new ProtocolException("no header of the PROXY protocol: " + why);
                case ProxyHeader.Incomplete() -> {
                    if (read() < 0) {
                        throw new EOFException("the proxy went away within its header");
                    }
                }
            }
        }
    }

    /**
     * Goes on in TLS; what is buffered is taken for its beginning.
     *
     * @throws SSLException when the client does not speak it as we want it
     */
    void secure(SSLEngine engine) throws IOException {
        flush();
        patience.shakeHands();
        TlsChannel channel =
                new TlsChannel(engine, in, out, Arrays.copyOfRange(block, position, limit));
        position = 0;
        limit = 0;
        channel.handshake();
        tls = channel;
        patience.work();
    }

    /** When a line is awaited. */
    enum When {
        BETWEEN_MAILS,
        IN_TRANSACTION,
        /** Chunks of a message have come, and not the last. */
        BETWEEN_CHUNKS
    }

    /**
     * Reads a command line.
     *
     * @param lineLimit octets it may have, with its CRLF; below those of a block
     */
    Line readLine(When when, int lineLimit) throws IOException {
        boolean waiting = false;
        boolean bareCr = false;
        boolean bdat = false;
        int length = 0;
        int scanned = position;
        while (true) {
            for (; scanned < limit; scanned++) {
                byte b = block[scanned];
                if (b == '\n') {
                    boolean crlf = scanned > position && block[scanned - 1] == '\r';
                    bareCr |= hasCr(position, scanned - (crlf ? 1 : 0));
                    bdat |= length == 0 && isBdat();
                    Line line = finish(scanned, crlf && !bareCr, length, lineLimit);
                    return bdat ? asBdat(line) : line;
                }
            }
            if (limit > position && length == 0 && block[position] == TLS_HANDSHAKE_RECORD) {
                return Line.Flaw.TLS_HANDSHAKE;
            }
            if (limit - position >= lineLimit) {
                bdat |= length == 0 && isBdat();
                // Forget the line, but for its last octet, which may be the CR of its end.
                bareCr |= hasCr(position, limit - 1);
                length += limit - 1 - position;
                if (length > SKIPPED_LIMIT) {
                    return Line.Flaw.ENDLESS;
                }
                position = limit - 1;
            }
            int unread = limit - position;
            prepareToRead();
            if (!waiting) {
                waiting = true;
                patience.commandBegins();
            }
            int read = readOfLine(when);
            if (read < 0) {
                return Line.Flaw.END_OF_INPUT;
            }
            scanned = position + unread;
        }
    }

    private int readOfLine(When when) throws IOException {
        if (when == When.BETWEEN_CHUNKS) {
            patience.awaitChunk();
            int read = read();
            patience.messageOctetsCame(Math.max(0, read));
            return read;
        }
        patience.awaitCommand(when == When.IN_TRANSACTION);
        int read = read();
        patience.work();
        return read;
    }

    /** Whether the line that begins here is, or is nearly, a BDAT command. */
    private boolean isBdat() {
        return limit - position >= Bdat.VERB.length()
                && new String(block, position, Bdat.VERB.length(), StandardCharsets.ISO_8859_1)
                        .equalsIgnoreCase(Bdat.VERB);
    }

    private static Line asBdat(Line line) {
        return line == Line.Flaw.TOO_LONG || line == Line.Flaw.NOT_UTF8
                ? Line.Flaw.UNREADABLE_BDAT
                : line;
    }

    private Line finish(int lf, boolean wellEnded, int skipped, int lineLimit) {
        int begin = position;
        position = lf + 1;
        if (skipped == 0 && block[begin] == TLS_HANDSHAKE_RECORD) {
            return Line.Flaw.TLS_HANDSHAKE;
        }
        if (!wellEnded) {
            return Line.Flaw.BARE_CR_OR_LF;
        }
        if (skipped + position - begin > lineLimit) {
            return Line.Flaw.TOO_LONG;
        }
        return decode(begin, lf - 1);
    }

    private Line decode(int begin, int end) {
        try {
            return new Line.Command(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(block, begin, end - begin))
                            .toString());
        } catch (CharacterCodingException e) {
            return Line.Flaw.NOT_UTF8;
        }
    }

    private boolean hasCr(int from, int to) {
        for (int i = from; i < to; i++) {
            if (block[i] == '\r') {
                return true;
            }
        }
        return false;
    }

    /** The block that {@link #position} and {@link #limit} point into. */
    byte[] block() {
        return block;
    }

    /** The next octet to be read. */
    int position() {
        return position;
    }

    /** The end of what is buffered. */
    int limit() {
        return limit;
    }

    /** Moves on: octets before {@code newPosition} are done with. */
    void consumeTo(int newPosition) {
        position = newPosition;
    }

    /** A message begins: its deadlines run from here. */
    void messageBegins() {
        patience.messageBegins();
    }

    /**
     * Reads more of a message; everything buffered has been consumed.
     *
     * @throws EOFException when the client has closed
     */
    void fillMessage() throws IOException {
        prepareToRead();
        patience.awaitMessage();
        int read = read();
        patience.messageOctetsCame(Math.max(0, read));
        if (read < 0) {
            throw new EOFException("the client went away before the end of the message");
        }
    }

    private void prepareToRead() throws IOException {
        flush();
        if (position > 0) {
            System.arraycopy(block, position, block, 0, limit - position);
            limit -= position;
            position = 0;
        }
    }

    /** Appends to what is buffered; negative at the end of input. */
    private int read() throws IOException {
        int room = block.length - limit;
        int read = tls == null ? in.read(block, limit, room) : tls.read(block, limit, room);
        limit += Math.max(0, read);
        return read;
    }

    /**
     * Says good-bye so that it arrives: closing with unread input would make the kernel reset the
     * connection, and take the reply back.
     */
    void hangUp() throws IOException {
        sayNoMore();
        socket.shutdownOutput();
        socket.setSoTimeout((int) LINGER.toMillis());
        long began = System.nanoTime();
        try {
            while (System.nanoTime() - began < LINGER.toNanos() && in.read(block) > 0) {
                // What still comes is not heard.
            }
        } catch (SocketTimeoutException _) {
            // Nothing came any more.
        }
    }

    /** Sends what was said, and that it was all. */
    void sayNoMore() throws IOException {
        flush();
        if (tls != null) {
            patience.write();
            tls.end();
            patience.work();
        }
    }

    /** Makes a read that is under way, and all later ones, find the end of input. */
    void endInput() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
