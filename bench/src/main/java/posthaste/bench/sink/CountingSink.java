package posthaste.bench.sink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import posthaste.bench.wire.EventLoop;

/** An SMTP server that counts, on one thread. */
public final class CountingSink extends EventLoop {
    private static final int BACKLOG = 1000;
    private static final int BLOCK = 64 * 1024;

    private final ServerSocketChannel listening;
    private final int port;
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    private final AtomicReference<Arrivals> expected = new AtomicReference<>(new Arrivals(0, 0, 1));
    private final LongAdder connections = new LongAdder();
    private final LongAdder mails = new LongAdder();
    private final LongAdder octets = new LongAdder();

    private CountingSink(InetSocketAddress address) throws IOException {
        super("bench-sink");
        listening = ServerSocketChannel.open();
        listening.bind(address, BACKLOG);
        port = ((InetSocketAddress) listening.getLocalAddress()).getPort();
    }

    /**
     * Listens; port 0 is any free one.
     *
     * @throws IOException when the port cannot be had
     */
    public static CountingSink listen(InetSocketAddress address) throws IOException {
        CountingSink sink = new CountingSink(address);
        sink.register(sink.listening, SelectionKey.OP_ACCEPT, sink.new Accepting());
        sink.begin();
        return sink;
    }

    public int port() {
        return port;
    }

    /** From now on mails of this run count; those of others are only received. */
    public void expect(Arrivals run) {
        expected.set(run);
    }

    /** Connections that were opened so far. */
    public long connections() {
        return connections.sum();
    }

    /** Mails received so far, of whatever run, each transaction once. */
    public long mails() {
        return mails.sum();
    }

    /** Octets of their messages. */
    public long octets() {
        return octets.sum();
    }

    void received(SinkSession.Mail mail) {
        mails.increment();
        octets.add(mail.octets());
        mail.mark().ifPresent(mark -> expected.get().arrived(mark, mail.recipients()));
    }

    @Override
    protected long turn() {
        return -1;
    }

    @Override
    protected void ended() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Accepting implements Served {
        @Override
        public void ready(SelectionKey key) throws IOException {
            SocketChannel client = listening.accept();
            while (client != null) {
                connections.increment();
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                client.configureBlocking(false);
                SinkSession session = new SinkSession(client, block, CountingSink.this::received);
                session.greet(register(client, SelectionKey.OP_READ, session));
                client = listening.accept();
            }
        }

        @Override
        public void lost(IOException why) {
            throw new UncheckedIOException("the sink cannot listen any more", why);
        }
    }
}
