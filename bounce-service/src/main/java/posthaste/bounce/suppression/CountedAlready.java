package posthaste.bounce.suppression;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import posthaste.queue.control.Fact;
import posthaste.queue.control.FactListener;
import posthaste.service.suppression.Suppression;
import posthaste.service.suppression.SuppressionCodec;
import posthaste.service.suppression.SuppressionKey;

/**
 * What was counted lately, by address and moment: a bounce that is handled again was decided at the
 * same moment as before, and counts once. Also what another process, or this one before it died,
 * has counted, as the topic tells it.
 */
final class CountedAlready implements FactListener {
    /** Far more than all that is in flight when a process dies. */
    private static final int REMEMBERED = 20_000;

    private final Set<Cause> causes =
            Collections.newSetFromMap(
                    new LinkedHashMap<>() {
                        private static final long serialVersionUID = 1;

                        @Override
                        protected boolean removeEldestEntry(Map.Entry<Cause, Boolean> eldest) {
                            return size() > REMEMBERED;
                        }
                    });

    /** As exact as a fact is: to the millisecond. */
    private record Cause(SuppressionKey key, Instant at) {
        Cause {
            at = at.truncatedTo(ChronoUnit.MILLIS);
        }
    }

    /** Takes note. Says whether that is news. */
    synchronized boolean add(SuppressionKey key, Instant at) {
        return causes.add(new Cause(key, at));
    }

    @Override
    public void told(Fact fact) {
        SuppressionCodec.read(fact).ifPresent(this::note);
    }

    private void note(SuppressionCodec.Said said) {
        switch (said) {
            case SuppressionCodec.Said.Listed(Suppression entry) -> add(entry.key(), entry.last());
            case SuppressionCodec.Said.Removed _ -> {
                // It was counted all the same.
            }
        }
    }
}
