package posthaste.bounce;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import posthaste.bounce.dsn.Audience;
import posthaste.mail.record.Notice;

/**
 * Counts what senders were told. A notice that a crash repeats is counted twice: the exact figures
 * are in the delivery log.
 */
final class DsnMetrics {
    private final MeterRegistry registry;

    /** Why less of a message went back than was asked for. */
    enum Lack {
        /** Confirmed not to be in the store: alert on any. */
        MISSING("It cannot be attached, because our copy of it is gone."),
        /** Read twice and not what was stored: alert on any. */
        DAMAGED("It cannot be attached, because our copy of it is damaged."),
        /** A defect of ours: alert on any. */
        UNFIT("It cannot be attached."),
        /** Memory was short, so that the header went back alone. */
        MEMORY("");

        private final String sentence;

        Lack(String sentence) {
            this.sentence = sentence;
        }

        /** For people. */
        String sentence() {
            return sentence;
        }
    }

    DsnMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Each recipient counts: told, or not. */
    void answered(Audience audience) {
        for (Notice.Entry entry : audience.told()) {
            count("posthaste.dsn.told", "action", entry.action());
        }
        for (Audience.Untold untold : audience.untold()) {
            count("posthaste.dsn.suppressed", "reason", untold.silence());
        }
    }

    void returnedLess(Lack lack) {
        count("posthaste.dsn.returned.less", "reason", lack);
    }

    private void count(String name, String tag, Enum<?> value) {
        registry.counter(name, tag, value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .increment();
    }
}
