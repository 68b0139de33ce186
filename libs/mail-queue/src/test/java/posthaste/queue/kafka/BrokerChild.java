package posthaste.queue.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;

/** A broker in a process of its own, to be stopped and killed; always at the same port. */
final class BrokerChild {
    private final Process process;
    private final String bootstrapServers;

    private BrokerChild(Process process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    /** Returns when it serves. */
    static BrokerChild start(Path folder, int port) throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                BrokerChild.class.getName(),
                                folder.toString(),
                                Integer.toString(port))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        BufferedReader out = process.inputReader();
        String line;
        while ((line = out.readLine()) != null) {
            if (line.startsWith("serving ")) {
                return new BrokerChild(process, line.substring("serving ".length()));
            }
        }
        throw new IOException("the broker did not start");
    }

    public static void main(String[] args) throws InterruptedException {
        EmbeddedBroker broker =
                EmbeddedBroker.start(
                        Path.of(args[0]),
                        BrokerSettings.forTests()
                                .withPort(Integer.parseInt(args[1]))
                                .withProperties(Map.of("broker.session.timeout.ms", "2000")));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        System.out.println("serving " + broker.bootstrapServers());
        System.out.flush();
        Thread.currentThread().join();
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    int port() {
        return Integer.parseInt(bootstrapServers.substring(bootstrapServers.indexOf(':') + 1));
    }

    /** As SIGTERM. */
    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    /** As SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
