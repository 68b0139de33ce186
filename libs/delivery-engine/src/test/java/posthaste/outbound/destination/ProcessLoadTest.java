package posthaste.outbound.destination;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessLoadTest {

    @Test
    void aloneADestinationMayHoldEverything() {
        ProcessLoad load = load(100, 100, 90);
        assertThat(load.wouldCrowdOut(100, 100)).isFalse();
    }

    @Test
    void itsOwnJobsOnTheirWayInAreNoOthers() {
        ProcessLoad load = load(100, 40, 20);
        assertThat(load.wouldCrowdOut(30, 40)).isFalse();
        assertThat(load.wouldCrowdOut(30, 39)).isTrue();
    }

    @Test
    void besideOthersItHoldsAQuarter() {
        ProcessLoad load = load(100, 60, 0);
        assertThat(load.wouldCrowdOut(25, 25)).isFalse();
        assertThat(load.wouldCrowdOut(26, 26)).isTrue();
    }

    @Test
    void allThatWaitTogetherHoldHalf() {
        assertThat(load(100, 60, 49).wouldCrowdOut(10, 10)).isFalse();
        assertThat(load(100, 60, 50).wouldCrowdOut(10, 10)).isTrue();
    }

    @Test
    void whoFillsTheProcessAloneMayBeKeepingOthersOut() {
        assertThat(load(100, 49, 40, 2).wouldCrowdOut(49, 49)).isFalse();
        assertThat(load(100, 50, 40, 2).wouldCrowdOut(50, 50)).isTrue();
        assertThat(load(100, 50, 10, 2).wouldCrowdOut(25, 25)).isFalse();
    }

    @Test
    void noMoreConnectionsAreKeptIdleThanMayBeInFlight() {
        IdleConnections idle = new IdleConnections(2);
        idle.changed(1);
        assertThat(idle.mayKeepOneMore()).isTrue();
        idle.changed(1);
        assertThat(idle.mayKeepOneMore()).isFalse();
        idle.changed(-1);
        assertThat(idle.mayKeepOneMore()).isTrue();
    }

    private static ProcessLoad load(int cap, int held, int waiting) {
        return load(cap, held, waiting, 1);
    }

    private static ProcessLoad load(int cap, int held, int waiting, int destinations) {
        ProcessLoad load = new ProcessLoad(cap, () -> destinations);
        for (int i = 0; i < held; i++) {
            load.came();
        }
        for (int i = 0; i < waiting; i++) {
            load.beganToWait();
        }
        return load;
    }
}
