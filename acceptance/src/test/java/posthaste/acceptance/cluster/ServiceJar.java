package posthaste.acceptance.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import posthaste.testing.Requires;

/** A service's {@code -app.jar}, unpacked once for a quicker start. */
record ServiceJar(Path jar) {

    /** Of the service {@code ingest}, {@code delivery}, {@code fallback} or {@code bounce}. */
    static ServiceJar of(String service) throws InterruptedException {
        Path target = Requires.repositoryRoot().resolve(service + "-service/target");
        Path packed = packed(target);
        Path unpacked = target.resolve("unpacked");
        Path jar = unpacked.resolve(packed.getFileName());
        try {
            if (!Files.exists(jar) || isNewer(packed, jar)) {
                Part.delete(unpacked);
                Shell.run(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djarmode=tools",
                        "-jar",
                        packed.toString(),
                        "extract",
                        "--destination",
                        unpacked.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ServiceJar(jar);
    }

    private static boolean isNewer(Path one, Path other) throws IOException {
        return Files.getLastModifiedTime(one).compareTo(Files.getLastModifiedTime(other)) > 0;
    }

    private static Path packed(Path target) {
        try (Stream<Path> files = Files.isDirectory(target) ? Files.list(target) : Stream.of()) {
            List<Path> jars = files.filter(file -> file.toString().endsWith("-app.jar")).toList();
            if (jars.size() != 1) {
                throw new AssertionError(
                        "there is no -app.jar in %s; mvn package makes it".formatted(target));
            }
            return jars.getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
