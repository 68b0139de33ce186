package posthaste.queue;

import java.time.Duration;

/**
 * What a consumer counts. Counters grow from its start and are never reset; gauges are as of now.
 * Any thread may ask.
 */
public interface ConsumerStatistics {

    /** Counter: records settled, poisoned ones among them. */
    long settled();

    /** Counter: records copied to the dead letters. Alert on any. */
    long poisoned();

    /**
     * Counter: dead letters that were in flight when their process died, three times in a row.
     * Alert on any.
     */
    long condemned();

    /** Gauge: records that wait to be tried with care, since a process died with them in flight. */
    int suspects();

    /** Counter: handled again because one of our own parts was away. */
    long partUnavailable();

    /** Counter: handled again because of an exception that nobody expected. Alert on any. */
    long unexpected();

    /** Counter: settlements whose records had to be sent again. */
    long resent();

    /** Counter: commits acknowledged. */
    long commits();

    /**
     * Counter: positions found outside the log, so that reading went on elsewhere: records were
     * deleted unsettled, or the topic was made anew. Alert on any.
     */
    long positionsLost();

    /** Gauge: records being handled or waiting to be handled again. */
    int inFlight();

    /** Gauge: assigned partitions. */
    int partitions();

    /** Gauge: partitions that are not read at the moment: the cap, or a head that is not due. */
    int pausedPartitions();

    /** Gauge: partitions that wait for an upgrade of this reader. Alert on any. */
    int partitionsOfNewerVersion();

    /** Gauge: characters of the longest commit metadata, of 4,096. */
    int metadataLength();

    /** Gauge: time since the loop last turned; beyond seconds it hangs. */
    Duration lastTurn();
}
