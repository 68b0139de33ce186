package posthaste.queue.memory;

import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import posthaste.queue.MailQueue;
import posthaste.queue.MailQueueContract;

class MemoryMailQueueTest extends MailQueueContract {
    private static final MemoryMailQueue QUEUE = new MemoryMailQueue(InstantSource.system());

    @AfterAll
    static void close() {
        QUEUE.close();
    }

    @Override
    protected MailQueue queue() {
        return QUEUE;
    }

    @Override
    protected void appendRaw(String topic, byte[] value) {
        QUEUE.appendRaw(topic, value);
    }

    @Override
    protected List<byte[]> values(String topic) {
        return QUEUE.values(topic);
    }
}
