package posthaste.broker;

import java.nio.file.Path;

/** A broker in a process of its own, to be killed. */
final class BrokerProcess {
    private BrokerProcess() {}

    public static void main(String[] args) throws InterruptedException {
        EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]), BrokerSettings.forTests());
        System.out.println(broker.bootstrapServers());
        Thread.currentThread().join();
    }
}
