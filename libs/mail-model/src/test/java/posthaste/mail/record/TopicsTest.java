package posthaste.mail.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.mail.envelope.Stream;

class TopicsTest {
    private static final Stream BULK = new Stream("bulk");
    private static final Tier TIER = Tier.of(Duration.ofMinutes(15));

    @Test
    void eachStreamHasTiersOfItsOwnAndOrdinaryMailThoseThatAllSharedOnce() {
        assertThat(Topics.deferred(Stream.TRANSACTIONAL, TIER)).isEqualTo("mail.deferred.15m");
        assertThat(Topics.deferred(BULK, TIER)).isEqualTo("mail.deferred.bulk.15m");
        assertThat(Topics.deferred(Stream.DSN, TIER)).isEqualTo("mail.deferred.dsn.15m");
    }

    @Test
    void theTiersOfOrdinaryMailAreReadWhateverStreamsThereAre() {
        assertThat(Topics.deferringStreams(List.of(BULK, Stream.DSN)))
                .containsExactly(Stream.TRANSACTIONAL, BULK, Stream.DSN);
        assertThat(Topics.deferringStreams(List.of(BULK, Stream.TRANSACTIONAL)))
                .containsExactly(Stream.TRANSACTIONAL, BULK);
    }

    @Test
    void aNameTellsItsTier() {
        assertThat(Topics.tierOf(Topics.deferred(BULK, TIER))).contains(TIER);
        assertThat(Topics.tierOf(Topics.deferred(TIER))).contains(TIER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mail.deferred.",
                "mail.deferred.soon",
                "mail.deferred..1m",
                "mail.deferred.a.b.1m",
                "mail.deferred.1m.bulk",
                "mail.outbound.1m"
            })
    void otherNamesTellNone(String name) {
        assertThat(Topics.tierOf(name)).isEmpty();
    }
}
