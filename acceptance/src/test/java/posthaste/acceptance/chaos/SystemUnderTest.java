package posthaste.acceptance.chaos;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import posthaste.acceptance.RestClient;

/** A Posthaste that runs, and what can be done to it. */
interface SystemUnderTest extends AutoCloseable {
    /** As it stands in the table of results. */
    String name();

    /** Where it takes mail. */
    List<InetSocketAddress> submission();

    /** Its web port; asked only while nothing is broken. */
    RestClient rest();

    /** How far apart its offset commits may be. */
    Duration commitInterval();

    /** All that can be done to it, in a fixed order. */
    List<Fault> faults();

    @Override
    void close();
}
