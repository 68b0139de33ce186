package posthaste.queue.pace;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * A consumer's cap, shared by its topics. Each topic has half of its equal part for itself alone;
 * whoever comes first has the rest. So slow records of one topic cannot take every place while
 * another topic is empty.
 */
public final class InFlightShares {
    private final int cap;
    private final int reserved;
    private final Map<String, Integer> inFlight = new HashMap<>();
    private int total;

    public InFlightShares(int cap, Collection<String> topics) {
        this.cap = cap;
        this.reserved = topics.size() == 1 ? 0 : cap / (2 * topics.size());
        topics.forEach(topic -> inFlight.put(topic, 0));
    }

    public boolean isFull() {
        return total >= cap;
    }

    public boolean mayStart(String topic) {
        if (isFull()) {
            return false;
        }
        int own = inFlight.getOrDefault(topic, 0);
        return own < reserved || total + keptForOthers(topic) < cap;
    }

    public void start(String topic) {
        inFlight.merge(topic, 1, Integer::sum);
        total++;
    }

    public void end(String topic) {
        inFlight.merge(topic, -1, Integer::sum);
        total--;
    }

    public int total() {
        return total;
    }

    private int keptForOthers(String topic) {
        int kept = 0;
        if (reserved > 0) {
            for (Map.Entry<String, Integer> other : inFlight.entrySet()) {
                if (!other.getKey().equals(topic)) {
                    kept += Math.max(0, reserved - other.getValue());
                }
            }
        }
        return kept;
    }
}
