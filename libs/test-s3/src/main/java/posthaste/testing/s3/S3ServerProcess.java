package posthaste.testing.s3;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The server as a process of its own, to be killed: {@code [--address ADDRESS] --port PORT --folder
 * FOLDER [--bucket NAME]... [--seed NUMBER]}. Says {@code s3 ready ENDPOINT} on its standard output
 * when it is.
 */
public final class S3ServerProcess {
    private static final String USAGE =
            "usage: [--address ADDRESS] --port PORT --folder FOLDER [--bucket NAME]... [--seed NUMBER]";

    private S3ServerProcess() {}

    /** Serves until it is killed. */
    public static void main(String[] arguments) throws Exception {
        // Before the first logger: the server's own talk is for its makers.
        System.setProperty("logback.configurationFile", "posthaste/testing/s3/quiet.xml");
        InetAddress address = InetAddress.ofLiteral("127.0.0.1");
        int port = 0;
        long seed = 1;
        Path folder = Path.of("s3");
        List<String> buckets = new ArrayList<>();
        if (arguments.length % 2 != 0) {
            throw new IllegalArgumentException(USAGE);
        }
        for (int i = 0; i < arguments.length; i += 2) {
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--address" -> address = InetAddress.ofLiteral(value);
                case "--port" -> port = Integer.parseInt(value);
                case "--folder" -> folder = Path.of(value);
                case "--bucket" -> buckets.add(value);
                case "--seed" -> seed = Long.parseLong(value);
                default -> throw new IllegalArgumentException(USAGE);
            }
        }
        S3Server server = new S3Server(folder, new InetSocketAddress(address, port), seed);
        buckets.forEach(server::createBucket);
        System.out.println("s3 ready " + server.endpoint());
        Thread.currentThread().join();
    }
}
