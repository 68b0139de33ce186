package posthaste.body.buffer;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import posthaste.body.MemoryBudget;
import posthaste.mail.record.BodyRef;

/**
 * Small bodies that were stored or read lately, kept in the memory that they are in anyway, until
 * others need it. The eldest goes first: a body is wanted soon after it was stored or not at all,
 * and a cache that learns what is popular would keep the wrong ones.
 */
public final class FreshBodies implements MemoryBudget.Lender, AutoCloseable {
    private final MemoryBudget budget;
    private final long most;
    private final Map<BodyRef, BodyBytes> bodies = new LinkedHashMap<>();
    private long held;
    private boolean closed;

    /** Holds up to {@code most} bytes of the budget's memory; none: it keeps nothing. */
    public FreshBodies(MemoryBudget budget, long most) {
        this.budget = budget;
        this.most = most;
        budget.lendBy(this);
    }

    /** Keeps a body, if there is room. The caller's hold stays the caller's. */
    public void put(BodyRef ref, BodyBytes bytes) {
        int memory = bytes.memory();
        if (memory == 0 || memory > most || !bytes.retain()) {
            return;
        }
        synchronized (this) {
            if (closed || bodies.putIfAbsent(ref, bytes) != null) {
                bytes.release();
                return;
            }
            held += memory;
            while (held > most) {
                dropEldest();
            }
        }
        if (budget.isShort()) {
            giveBack(memory);
        }
    }

    /** A body on which the caller has a hold then, or null. */
    public synchronized @Nullable BodyBytes get(BodyRef ref) {
        BodyBytes bytes = bodies.get(ref);
        return bytes != null && bytes.retain() ? bytes : null;
    }

    @Override
    public synchronized void giveBack(long bytes) {
        long given = 0;
        while (given < bytes && !bodies.isEmpty()) {
            given += dropEldest();
        }
    }

    /** Bytes of the budget that it keeps. */
    public synchronized long held() {
        return held;
    }

    @Override
    public synchronized void close() {
        closed = true;
        budget.endLending(this);
        giveBack(Long.MAX_VALUE);
    }

    private int dropEldest() {
        Iterator<BodyBytes> eldest = bodies.values().iterator();
        BodyBytes bytes = eldest.next();
        eldest.remove();
        held -= bytes.memory();
        return bytes.release();
    }
}
