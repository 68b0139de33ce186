package posthaste.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.bench.load.Load;
import posthaste.bench.load.LoadGenerator;
import posthaste.bench.load.LoadResult;
import posthaste.bench.load.SizeMix;
import posthaste.bench.sink.Arrivals;
import posthaste.bench.sink.CountingSink;

/**
 * What a mail costs under load, counted and not timed: forced writes, requests to the broker,
 * objects, connections, memory allocated. Each bound is some times what is usual, so that a slow
 * machine stays below it, where batches are small; and it is below what it would be if each record
 * were written by itself. docs/performance.md has the usual figures.
 */
class CostOfMailIT {
    private static final int RUN = 0x0c05;
    private static final int MAILS = 600;
    private static final int SESSIONS = 50;
    private static final Duration SOON = Duration.ofMinutes(2);

    @TempDir static Path temp;

    /** Counters of one moment. */
    private record Counts(
            long bodyForces, long brokerForces, long produced, long fetched, long allocated) {
        void assertAllHaveGrownSince(Counts before) {
            assertThat(bodyForces).isGreaterThan(before.bodyForces);
            assertThat(brokerForces).isGreaterThan(before.brokerForces);
            assertThat(produced).isGreaterThan(before.produced);
            assertThat(fetched).isGreaterThan(before.fetched);
            assertThat(allocated).isGreaterThan(before.allocated);
        }
    }

    @Test
    void whatManySendAtOnceSharesItsWritesRequestsObjectsAndConnections() throws Exception {
        try (CountingSink sink =
                        CountingSink.listen(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                RunningPosthaste posthaste =
                        RunningPosthaste.on(temp.resolve("data"))
                                .relayingTo("127.0.0.1:" + sink.port())
                                .start();
                JMXConnector jmx = connect(posthaste.pid())) {
            Counts before = counts(posthaste, jmx);
            Arrivals arrivals = new Arrivals(RUN, MAILS, 1);
            sink.expect(arrivals);
            try (LoadGenerator clients = new LoadGenerator(load(posthaste.smtpPort()), RUN)) {
                LoadResult sent = clients.send();
                assertThat(sent.accepted()).isEqualTo(MAILS);
            }
            assertThat(arrivals.await(SOON)).isTrue();
            // At once: while one waits, those who have nothing to read ask for it on and on.
            Counts after = counts(posthaste, jmx);
            await().atMost(SOON)
                    .until(() -> posthaste.rest().audit().get("delivered").asInt() == MAILS);
            // A counter that has another name by now would stay below any bound.
            after.assertAllHaveGrownSince(before);

            double bodies = perMail(after.bodyForces - before.bodyForces);
            double records = perMail(after.brokerForces - before.brokerForces);
            double produced = perMail(after.produced - before.produced);
            double fetched = perMail(after.fetched - before.fetched);
            double kilobytes = perMail(after.allocated - before.allocated) / 1024;
            long objects = objects(posthaste.dataDir().resolve("bodies"));
            System.out.printf(
                    "a mail: %.2f forced writes of bodies, %.2f of records, %.2f requests to write,"
                            + " %.2f to read, %.0f KiB allocated; %d objects, %d connections out%n",
                    bodies, records, produced, fetched, kilobytes, objects, sink.connections());
            assertThat(bodies).as("forced writes of bodies, a mail").isLessThan(0.8);
            assertThat(records).as("forced writes of the broker, a mail").isLessThan(1.6);
            assertThat(produced).as("requests to write, a mail").isLessThan(1.2);
            assertThat(fetched).as("requests to read, a mail").isLessThan(3);
            assertThat(kilobytes).as("KiB allocated, a mail").isLessThan(1500);
            assertThat(objects).as("objects for %d bodies", MAILS).isLessThanOrEqualTo(8);
            assertThat(sink.connections()).as("connections out").isLessThanOrEqualTo(SESSIONS);
            assertThat(sink.mails()).isEqualTo(MAILS);
        }
    }

    private static Load load(int port) {
        return new Load(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                MAILS,
                SESSIONS,
                0,
                0,
                false,
                1,
                "dest.test",
                SizeMix.parse("10KiB"),
                SOON);
    }

    private static double perMail(long count) {
        return (double) count / MAILS;
    }

    private static Counts counts(RunningPosthaste posthaste, JMXConnector jmx) throws Exception {
        MBeanServerConnection beans = jmx.getMBeanServerConnection();
        String metrics = posthaste.rest().getAnonymously("/actuator/prometheus").body();
        return new Counts(
                metrics.lines()
                        .filter(line -> line.startsWith("posthaste_body_forces_total"))
                        .mapToLong(line ->
                                (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                        .sum(),
                sum(beans, "kafka.log:type=LogFlushStats,name=LogFlushRateAndTimeMs", "Count"),
                requests(beans, "Produce"),
                requests(beans, "Fetch"),
                sum(beans, "java.lang:type=Threading", "TotalThreadAllocatedBytes"));
    }

    private static long requests(MBeanServerConnection beans, String kind)
            throws JMException, IOException {
        return sum(
                beans,
                "kafka.network:type=RequestMetrics,name=RequestsPerSec,request=%s,*"
                        .formatted(kind),
                "Count");
    }

    private static long sum(MBeanServerConnection beans, String pattern, String attribute)
            throws JMException, IOException {
        long sum = 0;
        for (ObjectName name : beans.queryNames(new ObjectName(pattern), null)) {
            sum += ((Number) beans.getAttribute(name, attribute)).longValue();
        }
        return sum;
    }

    // The address is that of a process which this test started.
    @SuppressWarnings("BanJNDI")
    private static JMXConnector connect(long pid) throws Exception {
        VirtualMachine process = VirtualMachine.attach(String.valueOf(pid));
        try {
            return JMXConnectorFactory.connect(
                    new JMXServiceURL(process.startLocalManagementAgent()));
        } finally {
            process.detach();
        }
    }

    private static long objects(Path bodies) throws IOException {
        try (Stream<Path> files = Files.walk(bodies)) {
            return files.filter(file -> file.toString().contains("primary"))
                    .filter(Files::isRegularFile)
                    .count();
        }
    }
}
