package posthaste.ingest;

import java.net.BindException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import posthaste.ingest.smtp.SmtpListener;
import posthaste.service.lifecycle.Phases;
import posthaste.service.settings.StartRefusedException;

/** The listener opens last and closes first, with the mails under way brought to their end. */
public final class ListenerLifecycle implements SmartLifecycle {
    /** For a reply to go out once it is known. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Supplier<SmtpListener> listener;
    private final SmtpProperties properties;
    private volatile @Nullable SmtpListener running;

    ListenerLifecycle(Supplier<SmtpListener> listener, SmtpProperties properties) {
        this.listener = listener;
        this.properties = properties;
    }

    @Override
    public void start() {
        SmtpListener opening = listener.get();
        try {
            opening.start();
        } catch (BindException e) {
            throw new StartRefusedException(
                    "posthaste.smtp.port is "
                            + properties.port()
                            + ", but that port cannot be had on posthaste.smtp.address "
                            + properties.address()
                            + " ("
                            + e.getMessage()
                            + "); it must be one that is free and allowed to this user.",
                    e);
        }
        running = opening;
    }

    @Override
    public void stop() {
        SmtpListener closing = running;
        if (closing != null) {
            running = null;
            closing.stop(properties.drain(), properties.acceptanceDeadline().plus(LAST_WORDS));
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    @Override
    public int getPhase() {
        return Phases.LISTENERS;
    }

    /** The port on which mail is accepted. */
    public int port() {
        SmtpListener open = running;
        if (open == null) {
            throw new IllegalStateException("the listener is not running");
        }
        return open.port();
    }
}
