package posthaste.acceptance.chaos;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import posthaste.acceptance.chaos.ClientLedger.Outcome;
import posthaste.acceptance.chaos.Moments.Moment;
import posthaste.testing.SmtpDialogue;
import posthaste.testing.SmtpDialogue.Reply;

/**
 * Sessions that hand in mail after mail at a steady rate, and note what they are told. A mail is
 * sent once: what a client would do after a refusal, it does with a mail of another number.
 */
final class LoadClients implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final InetAddress ANY_OF_OURS = InetAddress.ofLiteral("0.0.0.0");
    private static final long PAUSE_MILLIS = 100;

    private final long seed;
    private final List<InetSocketAddress> listeners;
    private final ClientLedger ledger;
    private final Moments moments;
    private final RunClock clock;
    private final double perSecond;
    private final AtomicLong next;
    private final AtomicLong due = new AtomicLong();
    private final List<Thread> sessions = new ArrayList<>();
    private volatile boolean ending;

    private LoadClients(
            long seed,
            List<InetSocketAddress> listeners,
            ClientLedger ledger,
            Moments moments,
            RunClock clock,
            AtomicLong next,
            double perSecond) {
        this.next = next;
        this.seed = seed;
        this.listeners = listeners;
        this.ledger = ledger;
        this.moments = moments;
        this.clock = clock;
        this.perSecond = perSecond;
    }

    /** Takes where the numbers of mails have got to: they go on over the loads of a run. */
    static LoadClients start(
            long seed,
            List<InetSocketAddress> listeners,
            ClientLedger ledger,
            Moments moments,
            RunClock clock,
            AtomicLong next,
            Load load) {
        LoadClients clients =
                new LoadClients(seed, listeners, ledger, moments, clock, next, load.perSecond());
        clients.due.set(clock.now());
        for (int i = 0; i < load.sessions(); i++) {
            int first = i;
            clients.sessions.add(
                    Thread.ofVirtual().name("client " + i).start(() -> clients.submitAll(first)));
        }
        return clients;
    }

    /** How much there is of it. */
    record Load(int sessions, double perSecond) {}

    private void submitAll(int first) {
        int turn = first;
        while (!ending) {
            // After a lost connection the next listener is tried, as a balancer would do.
            InetSocketAddress listener = listeners.get(turn++ % listeners.size());
            try (SmtpDialogue client = greet(listener)) {
                while (!ending) {
                    awaitTurn();
                    if (!submit(client, PlannedMail.of(seed, next.getAndIncrement()))) {
                        break;
                    }
                }
            } catch (AssertionError | UncheckedIOException _) {
                // Nobody listens, or the session has ended; what it meant for a mail is noted.
                pause(PAUSE_MILLIS);
            }
        }
    }

    private static SmtpDialogue greet(InetSocketAddress listener) {
        SmtpDialogue client =
                SmtpDialogue.connect(ANY_OF_OURS, listener.getAddress(), listener.getPort())
                        .patience(PATIENCE);
        try {
            client.expect(220);
            client.send("EHLO client.example").expect(250);
            return client;
        } catch (AssertionError | UncheckedIOException e) {
            client.close();
            throw e;
        }
    }

    /** Sends one mail; false when the session is over. */
    private boolean submit(SmtpDialogue client, PlannedMail mail) {
        byte[] message = mail.message();
        ledger.begin(mail.number(), mail.digest());
        boolean dotSent = false;
        try {
            Reply refusal = envelope(client, mail);
            if (refusal != null) {
                ledger.end(mail.number(), Outcome.FAIL, refusal.toString());
                client.send("RSET").expect(250);
                return true;
            }
            int half = message.length / 2;
            byte[] wire = stuffed(message);
            client.sendBytes(Arrays.copyOf(wire, half));
            moments.pass(Moment.CLIENT_DATA);
            // A write that fails may have carried the dot all the same.
            dotSent = true;
            client.sendBytes(Arrays.copyOfRange(wire, half, wire.length));
            moments.pass(Moment.CLIENT_DOT);
            Reply reply = client.reply();
            ledger.end(mail.number(), outcome(reply), reply.toString());
            if (reply.code() == 250) {
                moments.pass(Moment.CLIENT_250);
            }
            return reply.code() != 421;
        } catch (AssertionError | UncheckedIOException e) {
            ledger.end(
                    mail.number(),
                    dotSent ? Outcome.INFO : Outcome.FAIL,
                    "lost: " + e.getMessage());
            return false;
        }
    }

    /** All up to the {@code 354}; returns what was said instead, null when nothing was. */
    private static @Nullable Reply envelope(SmtpDialogue client, PlannedMail mail) {
        Reply reply = client.send("MAIL FROM:<" + mail.sender() + "> SIZE=" + mail.size()).reply();
        if (reply.code() != 250) {
            return reply;
        }
        String notify = mail.notifyOn().isEmpty() ? "" : " NOTIFY=" + mail.notifyOn();
        for (String recipient : mail.recipients()) {
            reply = client.send("RCPT TO:<" + recipient + ">" + notify).reply();
            if (reply.code() != 250) {
                return reply;
            }
        }
        reply = client.send("DATA").reply();
        return reply.code() == 354 ? null : reply;
    }

    private static Outcome outcome(Reply reply) {
        if (reply.code() == 250) {
            return Outcome.OK;
        }
        return reply.text().startsWith("4.3.2") ? Outcome.UNKNOWN : Outcome.FAIL;
    }

    private static byte[] stuffed(byte[] message) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream(message.length + 1024);
        boolean lineStart = true;
        for (byte b : message) {
            if (lineStart && b == '.') {
                wire.write('.');
            }
            wire.write(b);
            lineStart = b == '\n';
        }
        wire.writeBytes(new byte[] {'.', '\r', '\n'});
        return wire.toByteArray();
    }

    /** Mails leave at the rate that was asked for; what an outage held up is not caught up. */
    private void awaitTurn() {
        long gap = (long) (1e9 / perSecond);
        long now = clock.now();
        long mine = due.updateAndGet(before -> Math.max(before, now - gap) + gap);
        pause((mine - now) / 1_000_000);
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(Math.max(0, millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends once each session has the answer to its last mail. */
    @Override
    public void close() {
        ending = true;
        try {
            for (Thread session : sessions) {
                session.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
