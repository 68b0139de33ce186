package posthaste.acceptance.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Java of all parts: small, and soon ready, since many start on few processors. */
final class Quick {
    private static final List<String> OPTIONS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+ExitOnOutOfMemoryError",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED");

    private Quick() {}

    /**
     * A command of Java, to which what is to run is added.
     *
     * @param heap as {@code -Xmx} takes it
     */
    static List<String> java(String heap) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.add("-Xmx" + heap);
        return command;
    }
}
