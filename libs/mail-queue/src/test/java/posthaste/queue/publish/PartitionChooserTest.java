package posthaste.queue.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartitionChooserTest {
    private static final int PARTITIONS = 12;

    private long now = 77;
    private final PartitionChooser chooser = new PartitionChooser(100, () -> now);

    @Test
    void aQuietDomainStaysInOnePartition() {
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            used.add(chooser.choose("example.org", PARTITIONS));
            now += Duration.ofMillis(20).toNanos();
        }
        assertThat(used).hasSize(1);
    }

    @Test
    void aDomainTakesMorePartitionsAsItsRateGrowsAndGivesThemBack() {
        assertThat(partitionsInASecond(350)).isEqualTo(4);
        assertThat(partitionsInASecond(350)).isEqualTo(4);
        assertThat(partitionsInASecond(10_000)).isEqualTo(PARTITIONS);
        partitionsInASecond(10);
        assertThat(partitionsInASecond(10)).isEqualTo(1);
    }

    @Test
    void afterAPauseADomainIsQuietAgain() {
        partitionsInASecond(10_000);
        now += Duration.ofSeconds(5).toNanos();
        assertThat(partitionsInASecond(10)).isEqualTo(1);
    }

    @Test
    void domainsSpreadOverThePartitions() {
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            used.add(chooser.choose("host" + i + ".example.org", PARTITIONS));
        }
        assertThat(used).hasSize(PARTITIONS);
    }

    @Test
    void withoutAKeyRecordsStayTogetherForAWhileAndSpreadInTheLongRun() {
        int first = chooser.choose("", PARTITIONS);
        for (int i = 0; i < 1000; i++) {
            assertThat(chooser.choose("", PARTITIONS)).isEqualTo(first);
        }
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            used.add(chooser.choose("", PARTITIONS));
            now += Duration.ofMillis(20).toNanos();
        }
        assertThat(used).hasSize(PARTITIONS);
    }

    @Test
    void manyDomainsAreNotRememberedForEver() {
        for (int i = 0; i < 30_000; i++) {
            assertThat(chooser.choose("host" + i + ".example.org", 3)).isBetween(0, 2);
        }
    }

    private int partitionsInASecond(int records) {
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < records; i++) {
            used.add(chooser.choose("example.org", PARTITIONS));
        }
        now += Duration.ofSeconds(1).toNanos();
        return used.size();
    }
}
