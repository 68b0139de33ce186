package posthaste.ingest.tls;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * TLS over a socket's streams. The socket stays its owner's: whoever closes it ends every wait
 * here, and closing never waits for a peer. Used by one thread.
 */
public final class TlsChannel {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final InputStream in;
    private final OutputStream out;

    /** Encrypted octets that were received, to be read from. */
    private ByteBuffer received;

    /** Decrypted octets, to be read from. */
    private ByteBuffer plain;

    private boolean established;
    private boolean ended;

    /**
     * A channel that has not shaken hands.
     *
     * @param begun octets that were read of {@code in} already
     */
    public TlsChannel(SSLEngine engine, InputStream in, OutputStream out, byte[] begun) {
        this.engine = engine;
        this.in = in;
        this.out = out;
        int packet = engine.getSession().getPacketBufferSize();
        this.received = ByteBuffer.allocate(Math.max(packet, begun.length)).put(begun).flip();
        this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
    }

    /**
     * Shakes hands.
     *
     * @throws SSLException when the peer speaks no TLS that we do; it has been told, if it reads
     * @throws EOFException when it went away
     */
    public void handshake() throws IOException {
        engine.beginHandshake();
        try {
            while (!isDone(engine.getHandshakeStatus())) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> runTasks();
                    case NEED_WRAP -> send(NOTHING);
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        if (!receive()) {
                            throw new EOFException("the client went away within the handshake");
                        }
                    }
                    case FINISHED, NOT_HANDSHAKING -> {}
                }
            }
        } catch (SSLException e) {
            tellWhy();
            throw e;
        }
        established = true;
    }

    /** The alert that tells a peer what it did wrong. */
    private void tellWhy() throws IOException {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && send(NOTHING)) {
            // One record at a time.
        }
    }

    /** As {@link InputStream#read}; a peer that closes without a good-bye has just ended. */
    public int read(byte[] to, int offset, int length) throws IOException {
        while (!plain.hasRemaining()) {
            if (ended || !receive()) {
                ended = true;
                return -1;
            }
        }
        int read = Math.min(length, plain.remaining());
        plain.get(to, offset, read);
        return read;
    }

    /** Whether there is something to be read without waiting, as far as this side can tell. */
    public boolean hasMore() throws IOException {
        return plain.hasRemaining() || received.hasRemaining() || in.available() > 0;
    }

    /** Sends octets, and waits until the system has taken them. */
    public void write(byte[] octets) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(octets);
        while (rest.hasRemaining()) {
            if (!send(rest)) {
                throw new SSLException("the connection is closed");
            }
        }
    }

    /** Says that nothing more will be sent, so that the peer can tell an end from a cut. */
    public void end() throws IOException {
        engine.closeOutbound();
        while (!engine.isOutboundDone() && send(NOTHING)) {
            // One record at a time.
        }
    }

    /** Takes one record; false at the end of what the peer sends. */
    private boolean receive() throws IOException {
        while (true) {
            plain.clear();
            SSLEngineResult result = engine.unwrap(received, plain);
            plain.flip();
            switch (result.getStatus()) {
                case BUFFER_UNDERFLOW -> {
                    if (!fill()) {
                        return false;
                    }
                }
                case BUFFER_OVERFLOW -> {
                    int needed = engine.getSession().getApplicationBufferSize();
                    if (plain.capacity() >= needed) {
                        throw new SSLException("a record is larger than TLS allows");
                    }
                    plain = ByteBuffer.allocate(needed).limit(0);
                }
                case CLOSED -> {
                    return false;
                }
                case OK -> {
                    if (established) {
                        answerAfterHandshake();
                    }
                    return true;
                }
            }
        }
    }

    /**
     * TLS 1.3 changes keys now and then; earlier versions would start all over, which we refuse.
     */
    private void answerAfterHandshake() throws IOException {
        while (!isDone(engine.getHandshakeStatus())) {
            if (!engine.getSession().getProtocol().equals("TLSv1.3")) {
                throw new SSLException("renegotiation is not offered");
            }
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    if (!send(NOTHING)) {
                        return;
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN, FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
    }

    private boolean fill() throws IOException {
        int packet = engine.getSession().getPacketBufferSize();
        if (received.capacity() < packet) {
            received = ByteBuffer.allocate(packet).put(received).flip();
        }
        received.compact();
        int read =
                in.read(
                        received.array(),
                        received.arrayOffset() + received.position(),
                        received.remaining());
        received.position(received.position() + Math.max(0, read)).flip();
        return read > 0;
    }

    /** Sends one record; false when nothing can be sent any more. */
    private boolean send(ByteBuffer octets) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        SSLEngineResult result = engine.wrap(octets, record);
        out.write(record.array(), 0, record.position());
        return result.getStatus() == SSLEngineResult.Status.OK
                || (result.getStatus() == SSLEngineResult.Status.CLOSED
                        && result.bytesProduced() > 0);
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask();
                task != null;
                task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private static boolean isDone(HandshakeStatus status) {
        return status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED;
    }
}
