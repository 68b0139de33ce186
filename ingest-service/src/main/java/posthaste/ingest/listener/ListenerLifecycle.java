package posthaste.ingest.listener;

import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.springframework.context.SmartLifecycle;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.ingest.smtp.SmtpListener;
import posthaste.service.lifecycle.Phases;
import posthaste.service.settings.StartRefusedException;

/** The listeners open last and close first, with the mails under way brought to their end. */
public final class ListenerLifecycle implements SmartLifecycle {
    /** For a reply to go out once it is known. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Supplier<List<SmtpListener>> listeners;
    private final SmtpProperties properties;
    private volatile List<SmtpListener> running = List.of();

    ListenerLifecycle(Supplier<List<SmtpListener>> listeners, SmtpProperties properties) {
        this.listeners = listeners;
        this.properties = properties;
    }

    @Override
    public void start() {
        List<SmtpListener> open = new ArrayList<>();
        for (SmtpListener opening : listeners.get()) {
            try {
                opening.start();
            } catch (BindException e) {
                open.forEach(listener -> listener.stop(Duration.ZERO, Duration.ZERO));
                throw cannotBind(opening.settings(), e);
            }
            open.add(opening);
        }
        running = List.copyOf(open);
    }

    private StartRefusedException cannotBind(ListenerSettings listener, BindException e) {
        String prefix = properties.prefix(listener);
        return new StartRefusedException(
                prefix
                        + "port is "
                        + listener.address().getPort()
                        + ", but that port cannot be had on "
                        + prefix
                        + "address "
                        + listener.address().getAddress().getHostAddress()
                        + " ("
                        + e.getMessage()
                        + "); it must be one that is free and allowed to this user.",
                e);
    }

    @Override
    public void stop() {
        List<SmtpListener> closing = running;
        running = List.of();
        Duration lastReplies = properties.acceptanceDeadline().plus(LAST_WORDS);
        // All at once: they share the time that a stop may take.
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            closing.forEach(
                    listener -> each.execute(() -> listener.stop(properties.drain(), lastReplies)));
        }
    }

    @Override
    public boolean isRunning() {
        return !running.isEmpty();
    }

    @Override
    public int getPhase() {
        return Phases.LISTENERS;
    }

    /** Where each listener accepts mail, by its name; empty while nobody listens. */
    public Map<String, Integer> ports() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        running.forEach(listener -> ports.put(listener.settings().name(), listener.port()));
        return ports;
    }

    /** The port on which mail is accepted: of the first listener. */
    public int port() {
        return ports().values().stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the listener is not running"));
    }

    /** One line for whoever wants to send: {@code 0.0.0.0:25 (mx), 0.0.0.0:465 (submissions)}. */
    public String addresses() {
        return String.join(
                ", ",
                running.stream()
                        .map(listener ->
                                hostAndPort(listener)
                                        + (running.size() == 1
                                                ? ""
                                                : " (" + listener.settings().name() + ")"))
                        .toList());
    }

    private static String hostAndPort(SmtpListener listener) {
        InetAddress address = listener.settings().address().getAddress();
        if (address instanceof Inet6Address) {
            String text = address.isAnyLocalAddress() ? "::" : address.getHostAddress();
            return "[" + text + "]:" + listener.port();
        }
        return address.getHostAddress() + ":" + listener.port();
    }
}
