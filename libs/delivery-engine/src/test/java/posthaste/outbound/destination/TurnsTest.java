package posthaste.outbound.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final String BULK = "bulk";
    private static final String TRANSACTIONAL = "transactional";

    private final Turns<String, String> turns =
            new Turns<>(Map.of(BULK, 30, TRANSACTIONAL, 60)::get);

    @Test
    void withinALineItIsFirstComeFirstServed() {
        add(BULK, 3);
        assertThat(taken(3)).containsExactly("bulk0", "bulk1", "bulk2");
        assertThat(turns.waiting()).isZero();
        assertThat(turns.next(_ -> true)).isEmpty();
    }

    @Test
    void whoComesToAnEmptyLineIsNextHoweverManyWaitInAnother() {
        add(BULK, 20_000);
        taken(5_000);
        add(TRANSACTIONAL, 1);
        assertThat(taken(2)).contains("transactional0");
    }

    @Test
    void thoseWhoAllWaitHaveTurnsByTheirShares() {
        add(BULK, 900);
        add(TRANSACTIONAL, 900);
        assertThat(taken(900)).filteredOn(name -> name.startsWith(BULK)).hasSize(300);
    }

    @Test
    void turnsAreNotSavedUp() {
        add(BULK, 1000);
        taken(500);
        add(TRANSACTIONAL, 900);
        assertThat(taken(90)).filteredOn(name -> name.startsWith(BULK)).hasSizeBetween(29, 31);
    }

    @Test
    void whoHadTurnsWithoutWaitingOwesNoneForThem() {
        add(BULK, 1);
        taken(1);
        for (int i = 0; i < 1000; i++) {
            turns.passedBy(BULK);
        }
        add(BULK, 100);
        add(TRANSACTIONAL, 100);
        assertThat(taken(90)).filteredOn(name -> name.startsWith(BULK)).hasSizeBetween(29, 31);
    }

    @Test
    void aLineThatMayNotIsPassedOver() {
        add(BULK, 2);
        add(TRANSACTIONAL, 2);
        assertThat(turns.next(BULK::equals)).contains("bulk0");
        assertThat(turns.next(TRANSACTIONAL::equals)).contains("transactional0");
        assertThat(turns.next(_ -> false)).isEmpty();
        assertThat(turns.waiting()).isEqualTo(2);
    }

    @Test
    void whoGivesUpIsNeverNext() {
        add(BULK, 4);
        assertThat(turns.remove(BULK, "bulk1")).isTrue();
        assertThat(turns.remove(BULK, "bulk1")).isFalse();
        assertThat(turns.removeLast(BULK)).isEqualTo("bulk3");
        assertThat(turns.removeIf("bulk0"::equals)).containsExactly("bulk0");
        assertThat(turns.waiting(BULK)).isEqualTo(1);
        assertThat(taken(1)).containsExactly("bulk2");
        assertThat(turns.removeLast(BULK)).isNull();
        assertThat(turns.removeLast(TRANSACTIONAL)).isNull();
        assertThat(turns.waiting()).isZero();
    }

    @Test
    void aPartIsOfWhatThoseWhoWaitDivide() {
        assertThat(turns.part(BULK)).isEqualTo(1.0);
        add(TRANSACTIONAL, 1);
        assertThat(turns.part(BULK)).isEqualTo(30 / 90.0);
        assertThat(turns.part(TRANSACTIONAL)).isEqualTo(1.0);
    }

    private void add(String kind, int many) {
        for (int i = 0; i < many; i++) {
            turns.add(kind, kind + i);
        }
    }

    private List<String> taken(int many) {
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            taken.add(turns.next(_ -> true).orElseThrow());
        }
        return taken;
    }
}
