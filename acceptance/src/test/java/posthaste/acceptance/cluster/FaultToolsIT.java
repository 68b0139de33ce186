package posthaste.acceptance.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each tool that breaks something breaks that, and nothing else; and it can be taken back. */
class FaultToolsIT {
    private static final int MEBIBYTE = 1024 * 1024;

    @TempDir static Path temp;

    @Test
    void aPulledCableCutsOnePartOffAndIsPutBack() throws Exception {
        try (Network network = Network.create();
                WebServer one = new WebServer("one", network.next(), temp);
                WebServer other = new WebServer("other", network.next(), temp)) {
            one.start();
            other.start();
            assertThat(isReached(one)).isTrue();

            network.isolate(one);
            assertThat(isReached(one)).isFalse();
            assertThat(isReached(other)).isTrue();
            assertThat(one.isReady()).as("within its own machine").isTrue();

            network.mend(one);
            await().atMost(30, SECONDS).until(() -> isReached(one));
        }
    }

    @Test
    void aLineBetweenTwoPartsIsCutAlone() throws Exception {
        try (Network network = Network.create();
                WebServer one = new WebServer("left", network.next(), temp);
                WebServer other = new WebServer("right", network.next(), temp)) {
            one.start();
            other.start();
            assertThat(reaches(one, other)).isTrue();

            network.cut(one, other);
            assertThat(reaches(one, other)).isFalse();
            assertThat(reaches(other, one)).isFalse();
            assertThat(isReached(one)).isTrue();
            assertThat(isReached(other)).isTrue();

            network.mend(other);
            assertThat(reaches(one, other)).isTrue();
            assertThat(reaches(other, one)).isTrue();
        }
    }

    @Test
    void aNetworkLeavesNothingBehind() throws Exception {
        Network network = Network.create();
        network.next();
        String bridge =
                NetworkInterface.networkInterfaces()
                        .filter(device ->
                                device.inetAddresses()
                                        .anyMatch(address ->
                                                address.getHostAddress().equals(network.host())))
                        .findFirst()
                        .orElseThrow()
                        .getName();
        assertThat(Shell.run("ip", "netns", "list")).contains(bridge + "-1");
        network.close();
        assertThat(NetworkInterface.getByName(bridge)).isNull();
        assertThat(Shell.run("ip", "netns", "list")).doesNotContain(bridge + "-");
    }

    @Test
    void aPausedPartIsSilentUntilItGoesOn() throws Exception {
        try (WebServer part = new WebServer("paused", Neighbourhood.onLoopback().next(), temp)) {
            part.start();
            part.pause();
            assertThat(part.isRunning()).isTrue();
            assertThat(part.isReady()).isFalse();
            part.resume();
            part.awaitReady();
            part.kill();
            assertThat(part.isRunning()).isFalse();
            part.start();
            assertThat(part.isReady()).isTrue();
        }
    }

    @Test
    void aSmallDiskFillsUpAndIsRelieved() throws Exception {
        Path folder = temp.resolve("disk");
        try (SmallDisk disk = SmallDisk.over(folder, 8)) {
            Files.write(folder.resolve("first"), new byte[MEBIBYTE]);
            disk.fillUpTo(2 * MEBIBYTE);
            assertThat(disk.free()).isBetween(2L * MEBIBYTE, 3L * MEBIBYTE);
            disk.fill();
            assertThatThrownBy(() -> Files.write(folder.resolve("second"), new byte[MEBIBYTE]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");
            disk.relieve();
            Files.write(folder.resolve("second"), new byte[MEBIBYTE]);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aClockIsSteppedForOneProcessWhileItRuns() throws Exception {
        SteppedClock clock = SteppedClock.at(temp.resolve("clock"));
        try (TellingTime part = new TellingTime(temp)) {
            part.environment(clock.environment());
            part.start();
            assertThat(part.ahead()).isBetween(-10L, 10L);
            clock.step(Duration.ofHours(1));
            await().atMost(60, SECONDS).until(() -> part.ahead() > 3500);
            clock.step(Duration.ofHours(-2));
            await().atMost(60, SECONDS).until(() -> part.ahead() < -7100);
            // Waits take as long as they should, and nobody's monotonic clock jumped.
            assertThat(part.shortestWait()).isGreaterThanOrEqualTo(TimeTeller.WAIT.toMillis());
        }
    }

    private static boolean isReached(WebServer part) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(part.home().address(), WebServer.PORT), 2000);
            return true;
        } catch (IOException _) {
            // As it should be while the line is cut.
            return false;
        }
    }

    private static boolean reaches(WebServer from, WebServer to) throws InterruptedException {
        String knocking = "exec 3<>/dev/tcp/%s/%d".formatted(to.home().address(), WebServer.PORT);
        return Shell.attempt(from.home().entered(List.of("timeout", "2", "bash", "-c", knocking)))
                        .status()
                == 0;
    }

    /** The JDK's own web server: something that listens. */
    private static final class WebServer extends Part {
        static final int PORT = 18_000;

        WebServer(String name, Home home, Path temp) {
            super(name, home, temp.resolve(name), temp.resolve(name + ".log"));
        }

        @Override
        List<String> command() {
            List<String> command = Quick.java("64m");
            command.addAll(List.of("-m", "jdk.httpserver", "-b", home().address()));
            command.addAll(List.of("-p", String.valueOf(PORT), "-d", folder().toString()));
            return command;
        }

        @Override
        void prepare() {}

        @Override
        boolean answers() throws InterruptedException {
            return home().status(home().address(), PORT, "/") == 200;
        }
    }

    /** Says over and over what time it is, and how long it waited. */
    private static final class TellingTime extends Part {
        TellingTime(Path temp) {
            super(
                    "time",
                    new Home("127.0.0.1", List.of()),
                    temp.resolve("time"),
                    temp.resolve("time.log"));
        }

        @Override
        List<String> command() {
            List<String> command = Quick.java("64m");
            command.addAll(
                    List.of(
                            "-cp",
                            System.getProperty("java.class.path"),
                            TimeTeller.class.getName()));
            return command;
        }

        @Override
        void prepare() {}

        @Override
        boolean answers() {
            return !told().isEmpty();
        }

        /** Seconds by which its clock is ahead of ours. */
        long ahead() {
            long its = Long.parseLong(told().getLast().split(" ", -1)[1]);
            return (its - System.currentTimeMillis()) / 1000;
        }

        /** In milliseconds. */
        long shortestWait() {
            return told().stream()
                    .mapToLong(line -> Long.parseLong(line.split(" ", -1)[2]))
                    .min()
                    .orElseThrow();
        }

        private List<String> told() {
            return lastWords().lines().filter(line -> line.matches("time \\d+ \\d+")).toList();
        }
    }
}
