package posthaste.mail.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamSharesTest {
    private static final Stream BULK = new Stream("bulk");
    private static final Stream ALERTS = new Stream("alerts");
    private static final Stream NEWS = new Stream("news");

    @Test
    void usuallyTransactionalMailHasTheGreatestPart() {
        assertThat(StreamShares.USUAL.parts(List.of(Stream.TRANSACTIONAL, BULK, Stream.DSN), 1000))
                .containsExactly(
                        Map.entry(Stream.TRANSACTIONAL, 600),
                        Map.entry(BULK, 300),
                        Map.entry(Stream.DSN, 100));
    }

    @Test
    void everyStreamHasAPartHoweverSmall() {
        StreamShares shares = StreamShares.usualBut(Map.of(ALERTS, 1000));

        assertThat(shares.parts(List.of(ALERTS, NEWS, Stream.DSN), 10))
                .containsExactly(
                        Map.entry(ALERTS, 9), Map.entry(NEWS, 1), Map.entry(Stream.DSN, 1));
    }

    @Test
    void whatIsSaidOfOneStreamLeavesTheOthersAsTheyAre() {
        StreamShares shares = StreamShares.usualBut(Map.of(BULK, 5));

        assertThat(shares.of(BULK)).isEqualTo(5);
        assertThat(shares.of(Stream.TRANSACTIONAL)).isEqualTo(60);
        assertThat(shares.of(NEWS)).isEqualTo(StreamShares.UNNAMED);
    }

    @Test
    void nobodyHasNothing() {
        assertThatThrownBy(() -> new StreamShares(Map.of(BULK, 0)))
                .hasMessage("the share of bulk is below 1");
    }
}
