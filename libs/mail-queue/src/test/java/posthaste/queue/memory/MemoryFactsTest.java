package posthaste.queue.memory;

import java.time.InstantSource;
import posthaste.queue.MailQueue;
import posthaste.queue.SharedFactsContract;

class MemoryFactsTest extends SharedFactsContract {
    private static final MemoryMailQueue QUEUE = new MemoryMailQueue(InstantSource.system());

    @Override
    protected MailQueue queue() {
        return QUEUE;
    }
}
