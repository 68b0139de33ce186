package posthaste.queue.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class InFlightSharesTest {

    @Test
    void oneTopicHasTheWholeCap() {
        InFlightShares shares = new InFlightShares(10, List.of("a"));
        assertThat(fill(shares, "a")).isEqualTo(10);
        assertThat(shares.isFull()).isTrue();
    }

    @Test
    void aBusyTopicLeavesTheOthersTheirReserve() {
        InFlightShares shares = new InFlightShares(12, List.of("a", "b"));
        assertThat(fill(shares, "a")).isEqualTo(9);
        assertThat(fill(shares, "b")).isEqualTo(3);
        shares.end("a");
        assertThat(shares.mayStart("a")).isTrue();
    }

    @Test
    void whatIsNotReservedGoesToWhoeverComes() {
        InFlightShares shares = new InFlightShares(12, List.of("a", "b"));
        fill(shares, "a");
        fill(shares, "b");
        shares.end("a");
        assertThat(fill(shares, "b")).isEqualTo(1);
        shares.end("b");
        shares.end("b");
        // One of the two is of b's reserve again.
        assertThat(fill(shares, "a")).isEqualTo(1);
    }

    @Test
    void aCapThatIsTooSmallToShareIsNotShared() {
        InFlightShares shares = new InFlightShares(3, List.of("a", "b", "c", "d"));
        assertThat(fill(shares, "d")).isEqualTo(3);
    }

    private static int fill(InFlightShares shares, String topic) {
        int started = 0;
        while (shares.mayStart(topic)) {
            shares.start(topic);
            started++;
        }
        return started;
    }
}
