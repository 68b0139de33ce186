package posthaste.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import posthaste.bench.load.Load;
import posthaste.bench.load.LoadGenerator;
import posthaste.bench.load.LoadResult;
import posthaste.bench.load.SizeMix;
import posthaste.bench.sink.Arrivals;
import posthaste.bench.sink.CountingSink;

/** Generator and sink against each other, with nothing between. */
@Timeout(120)
class LoadIT {
    private static final int RUN = 0x1234;
    private CountingSink sink;

    @BeforeEach
    void listen() throws Exception {
        sink = CountingSink.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() {
        sink.close();
    }

    @Test
    void everyMailArrivesOnceByAConnectionOfItsOwn() throws Exception {
        assertAllArrive(load(500, 20, 0, 1, false, 1, "10KiB"));
        assertThat(sink.connections()).isEqualTo(500);
        assertThat(sink.octets()).isEqualTo(500 * 10_240);
    }

    @Test
    void connectionsAreUsedAgain() throws Exception {
        assertAllArrive(load(500, 20, 0, 0, true, 1, "10KiB"));
        assertThat(sink.connections()).isEqualTo(20);
    }

    @Test
    void aConnectionIsUsedAsOftenAsAsked() throws Exception {
        assertAllArrive(load(100, 1, 0, 10, false, 1, "1KiB"));
        assertThat(sink.connections()).isEqualTo(10);
    }

    @Test
    void aMailHasManyRecipientsAndSizesAreMixed() throws Exception {
        assertAllArrive(load(200, 10, 0, 0, false, 7, "70%:5KiB,29%:50KiB,1%:3MiB"));
        assertThat(sink.mails()).isEqualTo(200);
    }

    @Test
    void aScheduleIsKept() throws Exception {
        LoadResult result = assertAllArrive(load(200, 50, 400, 1, false, 1, "1KiB"));
        // The last one is due after 199 of 400 parts of a second, and no earlier.
        assertThat(result.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(497));
    }

    @Test
    void whatIsRefusedOrLostIsTold() throws Exception {
        int nobody = sink.port();
        sink.close();
        try (LoadGenerator generator =
                new LoadGenerator(load(10, 3, 0, 1, false, 1, "1KiB"), RUN)) {
            LoadResult result = generator.send();
            assertThat(result.accepted()).isZero();
            assertThat(result.lost()).isEqualTo(10);
            assertThat(result.refused()).isEmpty();
        }
        assertThat(nobody).isPositive();
    }

    @Test
    void whatArrivesTwiceIsCounted() throws Exception {
        Load load = load(50, 5, 0, 0, false, 1, "1KiB");
        Arrivals arrivals = new Arrivals(RUN, 50, 1);
        sink.expect(arrivals);
        for (int i = 0; i < 2; i++) {
            try (LoadGenerator generator = new LoadGenerator(load, RUN)) {
                generator.send();
            }
        }
        assertThat(arrivals.whole()).isEqualTo(50);
        assertThat(arrivals.duplicates()).isEqualTo(50);
    }

    private LoadResult assertAllArrive(Load load) throws Exception {
        Arrivals arrivals = new Arrivals(RUN, load.mails(), load.recipients());
        sink.expect(arrivals);
        try (LoadGenerator generator = new LoadGenerator(load, RUN)) {
            LoadResult result = generator.send();
            assertThat(result.refused()).isEqualTo(Map.of());
            assertThat(result.lost()).isZero();
            assertThat(result.accepted()).isEqualTo(load.mails());
            assertThat(result.dotReply().getTotalCount()).isEqualTo(load.mails());
            assertThat(arrivals.await(Duration.ofSeconds(20))).isTrue();
            assertThat(arrivals.duplicates()).isZero();
            assertThat(arrivals.sinceDue().getTotalCount()).isEqualTo(load.mails());
            return result;
        }
    }

    private Load load(
            int mails,
            int sessions,
            double rate,
            int mailsPerConnection,
            boolean pipelining,
            int recipients,
            String sizes) {
        return new Load(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), sink.port()),
                mails,
                sessions,
                rate,
                mailsPerConnection,
                pipelining,
                recipients,
                "bench.example",
                SizeMix.parse(sizes),
                Duration.ofSeconds(30));
    }
}
