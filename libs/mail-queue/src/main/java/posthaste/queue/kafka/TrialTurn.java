package posthaste.queue.kafka;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One trial at a time in a process: were there two, nobody could tell which one killed it. */
final class TrialTurn {
    private final AtomicReference<@Nullable Object> holder = new AtomicReference<>();

    boolean tryTake(Object who) {
        return holder.compareAndSet(null, who);
    }

    void giveBack(Object who) {
        holder.compareAndSet(who, null);
    }
}
