package posthaste.queue.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A {@link MemberProcess} and what it has said so far. */
final class ChildMember implements AutoCloseable {
    private final Process process;
    private final List<String> handled = new CopyOnWriteArrayList<>();

    private ChildMember(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    static ChildMember start(String bootstrapServers, String group, String topic)
            throws IOException {
        return new ChildMember(
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                MemberProcess.class.getName(),
                                bootstrapServers,
                                group,
                                topic)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    private void read() {
        try (BufferedReader out = process.inputReader()) {
            String line;
            while ((line = out.readLine()) != null) {
                if (line.startsWith("handle ")) {
                    handled.add(line.substring("handle ".length()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The texts of the records that it began to handle. */
    List<String> handled() {
        return List.copyOf(handled);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** As SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void freeze() throws Exception {
        signal("STOP");
    }

    void thaw() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        Process kill =
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .inheritIO()
                        .start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
