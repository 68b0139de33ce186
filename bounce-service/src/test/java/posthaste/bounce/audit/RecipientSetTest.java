package posthaste.bounce.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecipientSetTest {

    @Test
    void whatWasAddedIsContained() {
        RecipientSet set = new RecipientSet(1_000_000, 1, 0);
        for (int i = 0; i < 100_000; i++) {
            set.add(RecipientSet.hash("mail" + i, "r@example.org"));
            set.add(RecipientSet.hash("mail" + i, "r@example.org"));
        }
        assertThat(set.size()).isEqualTo(100_000);
        for (int i = 0; i < 100_000; i++) {
            assertThat(set.contains(RecipientSet.hash("mail" + i, "r@example.org"))).isTrue();
            assertThat(set.contains(RecipientSet.hash("mail" + i, "s@example.org"))).isFalse();
        }
    }

    @Test
    void aFullSetKeepsOneSliceAndTheOthersTogetherHaveTheRest() {
        RecipientSet first = fill(new RecipientSet(1_000, 1, 0));
        assertThat(first.slices()).isGreaterThan(1);
        assertThat(first.size()).isLessThanOrEqualTo(1_000);
        int all = first.size();
        for (int slice = 1; slice < first.slices(); slice++) {
            all += fill(new RecipientSet(1_000, first.slices(), slice)).size();
        }
        assertThat(all).isEqualTo(10_000);
    }

    private static RecipientSet fill(RecipientSet set) {
        for (int i = 0; i < 10_000; i++) {
            set.add(RecipientSet.hash("mail" + i, "r@example.org"));
        }
        return set;
    }
}
