package posthaste.bench.load;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import posthaste.bench.wire.EventLoop;

/**
 * Sends a {@link Load}, on one thread. In an open loop a mail that finds no free session waits for
 * one, and its wait counts: a server that stalls does not get fewer mails for it.
 */
public final class LoadGenerator extends EventLoop implements ClientSession.Sender {
    private static final long LOOK = Duration.ofMillis(100).toNanos();

    private final Load load;
    private final Messages messages;
    private final Tally tally = new Tally();
    private final List<ClientSession> sessions = new ArrayList<>();
    private final Deque<ClientSession> free = new ArrayDeque<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private long began;
    private long ended;
    private int begun;

    /**
     * Sends nothing yet.
     *
     * @param run tells this run's mails from others
     */
    public LoadGenerator(Load load, int run) {
        super("bench-load");
        this.load = load;
        this.messages = new Messages(run, load.sizes());
        for (int i = 0; i < load.sessions(); i++) {
            ClientSession session = new ClientSession(load, this, tally, i);
            sessions.add(session);
            free.add(session);
        }
    }

    /**
     * Sends all of it.
     *
     * @throws InterruptedException when interrupted; what is not sent then stays unsent
     */
    public LoadResult send() throws InterruptedException {
        began = System.nanoTime();
        ended = began;
        begin();
        done.await();
        return tally.result(Duration.ofNanos(Math.max(1, ended - began)));
    }

    @Override
    protected long turn() {
        if (done.getCount() == 0) {
            return LOOK;
        }
        long now = System.nanoTime();
        sessions.forEach(session -> session.checkPatience(now));
        while (begun < load.mails() && !free.isEmpty() && dueAt(begun) - now <= 0) {
            long dueAt = load.rate() > 0 ? dueAt(begun) : System.nanoTime();
            free.removeFirst().send(new ClientSession.Order(messages.next(begun, dueAt), dueAt));
            begun++;
        }
        if (tally.ended() == load.mails()) {
            ended = System.nanoTime();
            done.countDown();
            return LOOK;
        }
        boolean waitsForTime = begun < load.mails() && !free.isEmpty();
        return waitsForTime ? Math.clamp(dueAt(begun) - System.nanoTime(), 0, LOOK) : LOOK;
    }

    @Override
    protected void ended() {
        done.countDown();
    }

    @Override
    public SelectionKey connect(SocketChannel channel, ClientSession session) throws IOException {
        return register(channel, SelectionKey.OP_CONNECT, session);
    }

    @Override
    public void free(ClientSession session) {
        free.addLast(session);
    }

    private long dueAt(int number) {
        return load.rate() > 0
                ? began + (long) (number * (TimeUnit.SECONDS.toNanos(1) / load.rate()))
                : began;
    }
}
