package posthaste.acceptance;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import posthaste.testing.SmtpDialogue;

/**
 * Clients that hand in mail after mail with a pause between, at whichever of the listeners takes
 * them, and go on when they are cut off. What they were told stands in the ledger.
 */
final class SteadyLoad implements AutoCloseable {
    private static final Duration BETWEEN_CONNECTIONS = Duration.ofMillis(200);
    private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");

    private final List<InetSocketAddress> listeners;
    private final Ledger ledger;
    private final Duration pause;
    private final AtomicInteger next = new AtomicInteger();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean ending;

    /**
     * Begins.
     *
     * @param pause of each client after each mail
     */
    SteadyLoad(List<InetSocketAddress> listeners, int clients, Duration pause, Ledger ledger) {
        this.listeners = List.copyOf(listeners);
        this.ledger = ledger;
        this.pause = pause;
        for (int i = 0; i < clients; i++) {
            int first = i;
            this.clients.add(Thread.ofVirtual().name("client " + i).start(() -> submitAll(first)));
        }
    }

    /** The recipient of the mail with that number. */
    static String recipient(int number) {
        return number + "@ledger.example";
    }

    /** No more mail; returns when the last reply is there. */
    @Override
    public void close() {
        ending = true;
        try {
            for (Thread client : clients) {
                client.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void submitAll(int first) {
        for (int turn = first; !ending; turn++) {
            try (SmtpDialogue client = connect(listeners.get(turn % listeners.size()))) {
                while (!ending) {
                    submit(client, recipient(next.getAndIncrement()));
                    rest(pause);
                }
            } catch (AssertionError | UncheckedIOException e) {
                // It was killed, or is not up yet; the next one may be.
                rest(BETWEEN_CONNECTIONS);
            }
        }
    }

    private static SmtpDialogue connect(InetSocketAddress listener) {
        SmtpDialogue client = SmtpDialogue.connect(ANY, listener.getAddress(), listener.getPort());
        client.expect(220);
        client.send("EHLO client.example").expect(250);
        // A store or broker that is away costs a client the acceptance deadline.
        return client.patience(Duration.ofSeconds(60));
    }

    private void submit(SmtpDialogue client, String recipient) {
        ledger.note(recipient, Ledger.Said.INFO);
        SmtpDialogue.Reply reply =
                client.mail(
                        "sender@ledger-sender.example",
                        List.of(recipient),
                        Ledger.message(recipient));
        if (reply.code() == 250) {
            ledger.note(recipient, Ledger.Said.OK);
        } else if (!reply.text().contains("unknown")) {
            ledger.note(recipient, Ledger.Said.FAIL);
        }
    }

    private static void rest(Duration duration) {
        try {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
