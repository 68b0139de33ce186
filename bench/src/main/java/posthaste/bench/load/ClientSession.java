package posthaste.bench.load;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import posthaste.bench.wire.EventLoop;
import posthaste.bench.wire.Outbox;

/** One session of the load: sends the mails that it is given, one after another. */
final class ClientSession implements EventLoop.Served {
    private static final int OK = 250;
    private static final int READY = 220;
    private static final int GO_ON = 354;

    private enum Step {
        CLOSED,
        CONNECTING,
        GREETING,
        HELLO,
        IDLE,
        MAIL,
        RECIPIENTS,
        DATA,
        DOT,
        QUIT
    }

    /** What a session needs of the generator. */
    interface Sender {
        SelectionKey connect(SocketChannel channel, ClientSession session) throws IOException;

        /** The session can take a mail, and needs no new connection for it if it has one. */
        void free(ClientSession session);
    }

    /** A mail to be sent. */
    record Order(Messages.Message message, long dueAt) {}

    private final Load load;
    private final Sender sender;
    private final Tally tally;
    private final Replies replies = new Replies();
    private final Outbox outbox = new Outbox();
    private final ByteBuffer hello;
    private final ByteBuffer sending;
    private final ByteBuffer[] recipients;
    private final ByteBuffer data = ascii("DATA\r\n");
    private final ByteBuffer quit = ascii("QUIT\r\n");

    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private Step step = Step.CLOSED;
    private @Nullable Order order;
    private int recipientsAnswered;
    private int mailsOnConnection;
    private long dotAt;
    private long waitingSince;

    ClientSession(Load load, Sender sender, Tally tally, int number) {
        this.load = load;
        this.sender = sender;
        this.tally = tally;
        this.hello = ascii("EHLO client" + number + ".bench.example\r\n");
        this.sending = ascii("MAIL FROM:<bench@sender.example>\r\n");
        this.recipients = new ByteBuffer[load.recipients()];
        for (int i = 0; i < recipients.length; i++) {
            recipients[i] = ascii("RCPT TO:<r" + number + "-" + i + "@" + load.domain() + ">\r\n");
        }
    }

    /** Sends a mail; called when it is free. */
    void send(Order next) {
        order = next;
        waitingSince = System.nanoTime();
        try {
            if (step == Step.IDLE) {
                begin(next);
                flush();
            } else {
                connect();
            }
        } catch (IOException e) {
            close();
            lost(e);
        }
    }

    /** Closes the session when it has waited too long. */
    void checkPatience(long now) {
        if (order != null && now - waitingSince > load.patience().toNanos()) {
            close();
            lost(new IOException("no answer in time"));
        }
    }

    private void connect() throws IOException {
        SocketChannel fresh = SocketChannel.open();
        channel = fresh;
        fresh.setOption(StandardSocketOptions.TCP_NODELAY, true);
        step = Step.CONNECTING;
        mailsOnConnection = 0;
        replies.reset();
        outbox.clear();
        key = sender.connect(fresh, this);
        if (fresh.connect(load.target())) {
            step = Step.GREETING;
            wants(SelectionKey.OP_READ);
        }
    }

    @Override
    public void ready(SelectionKey readyKey) throws IOException {
        SocketChannel ready = (SocketChannel) readyKey.channel();
        if (!ready.equals(channel)) {
            return;
        }
        if (step == Step.CONNECTING) {
            if (!ready.finishConnect()) {
                return;
            }
            step = Step.GREETING;
            wants(SelectionKey.OP_READ);
        }
        if (readyKey.isValid() && readyKey.isWritable()) {
            flush();
        }
        if (readyKey.isValid() && readyKey.isReadable()) {
            replies.readFrom(ready, this::reply);
            if (ready.equals(channel)) {
                flush();
            }
        }
    }

    @Override
    public void lost(IOException why) {
        channel = null;
        step = Step.CLOSED;
        if (order != null) {
            order = null;
            tally.lost();
            sender.free(this);
        }
    }

    private void reply(int code) throws IOException {
        Order now = order;
        waitingSince = System.nanoTime();
        switch (step) {
            case GREETING -> {
                if (expect(code, READY)) {
                    say(hello, Step.HELLO);
                }
            }
            case HELLO -> {
                if (expect(code, OK) && now != null) {
                    begin(now);
                }
            }
            case MAIL -> {
                if (expect(code, OK)) {
                    step = Step.RECIPIENTS;
                    recipientsAnswered = 0;
                    if (!load.pipelining()) {
                        outbox.add(recipients[0].duplicate());
                    }
                }
            }
            case RECIPIENTS -> {
                if (expect(code, OK)) {
                    recipientsAnswered++;
                    if (recipientsAnswered == recipients.length) {
                        step = Step.DATA;
                        if (!load.pipelining()) {
                            outbox.add(data.duplicate());
                        }
                    } else if (!load.pipelining()) {
                        outbox.add(recipients[recipientsAnswered].duplicate());
                    }
                }
            }
            case DATA -> {
                if (expect(code, GO_ON) && now != null) {
                    outbox.add(now.message().header());
                    outbox.add(now.message().body());
                    step = Step.DOT;
                }
            }
            case DOT -> {
                if (expect(code, OK) && now != null) {
                    accepted(now);
                }
            }
            case QUIT, IDLE, CLOSED, CONNECTING -> close();
        }
    }

    private void accepted(Order mail) {
        long now = System.nanoTime();
        order = null;
        tally.accepted(now - dotAt, now - mail.dueAt());
        mailsOnConnection++;
        if (mailsOnConnection == load.mailsPerConnection()) {
            // Who closes first keeps the port; the server does, after its 221.
            goodBye();
        } else {
            step = Step.IDLE;
        }
        sender.free(this);
    }

    private void begin(Order mail) {
        outbox.add(sending.duplicate());
        if (load.pipelining()) {
            for (ByteBuffer recipient : recipients) {
                outbox.add(recipient.duplicate());
            }
            outbox.add(data.duplicate());
        }
        order = mail;
        step = Step.MAIL;
    }

    /** Says QUIT and leaves the connection to be closed by the server. */
    private void goodBye() {
        SocketChannel leaving = channel;
        SelectionKey leavingKey = key;
        channel = null;
        step = Step.CLOSED;
        if (leaving == null || leavingKey == null) {
            return;
        }
        try {
            leaving.write(quit.duplicate());
            leavingKey.attach(new Leaving());
            leavingKey.interestOps(SelectionKey.OP_READ);
        } catch (IOException e) {
            closeQuietly(leaving);
        }
    }

    private boolean expect(int code, int expected) {
        if (code == expected) {
            return true;
        }
        boolean hadMail = order != null;
        order = null;
        goodBye();
        if (hadMail) {
            tally.refused(code);
            sender.free(this);
        }
        return false;
    }

    private void say(ByteBuffer line, Step next) {
        outbox.add(line.duplicate());
        step = next;
    }

    private void flush() throws IOException {
        SocketChannel open = channel;
        if (open == null || step == Step.CONNECTING) {
            return;
        }
        boolean all = outbox.writeTo(open);
        if (all && step == Step.DOT) {
            dotAt = System.nanoTime();
        }
        wants(all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    private void wants(int operations) {
        if (key != null && key.isValid() && key.interestOps() != operations) {
            key.interestOps(operations);
        }
    }

    private void close() {
        SocketChannel open = channel;
        channel = null;
        step = Step.CLOSED;
        if (open != null) {
            closeQuietly(open);
        }
    }

    private static void closeQuietly(SocketChannel open) {
        try {
            open.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A connection that was said good-bye to. */
    private static final class Leaving implements EventLoop.Served {
        private final ByteBuffer rest = ByteBuffer.allocate(512);

        @Override
        public void ready(SelectionKey key) throws IOException {
            rest.clear();
            if (((SocketChannel) key.channel()).read(rest) < 0) {
                key.channel().close();
            }
        }

        @Override
        public void lost(IOException why) {
            // Nobody waits for it.
        }
    }
}
