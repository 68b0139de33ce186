package posthaste.fallback.janitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.body.Generation;
import posthaste.mail.record.Topics;

class BodyTopicTest {

    @Test
    void ofAnyStreamTheMailIsNeededByDeliveryAndByTheLog() {
        BodyTopic topic = BodyTopic.of("mail.outbound.campaigns").orElseThrow();

        assertThat(topic.settler()).isEqualTo(Topics.DELIVERY_GROUP);
        assertThat(topic.readers())
                .containsExactlyInAnyOrder(Topics.DELIVERY_GROUP, Topics.ACCEPTANCE_GROUP);
        assertThat(topic.generations())
                .containsExactlyInAnyOrder(Generation.PRIMARY, Generation.DEFERRED);
    }

    @Test
    void aTierOfYesterdaysConfigurationSaysItselfHowLongItWaits() {
        BodyTopic topic = BodyTopic.of("mail.deferred.90s").orElseThrow();

        assertThat(topic.delay()).isEqualTo(Duration.ofSeconds(90));
        assertThat(topic.readers()).containsExactly(Topics.FALLBACK_GROUP);
    }

    @Test
    void theTiersOfEveryStreamAreKnown() {
        BodyTopic topic = BodyTopic.of("mail.deferred.campaigns.4h").orElseThrow();

        assertThat(topic.delay()).isEqualTo(Duration.ofHours(4));
        assertThat(topic.settler()).isEqualTo(Topics.FALLBACK_GROUP);
    }

    @Test
    void noticesAndDeadLettersNameBodiesToo() {
        assertThat(BodyTopic.of(Topics.BOUNCE).orElseThrow().settler())
                .isEqualTo(Topics.BOUNCE_GROUP);
        assertThat(BodyTopic.of(Topics.DEAD_LETTER).orElseThrow().generations())
                .isEqualTo(Set.of(Generation.DEAD_LETTER));
    }

    @Test
    void anOrderStaysWhenItIsSettled() {
        BodyTopic quarantine = BodyTopic.of(Topics.QUARANTINE).orElseThrow();
        BodyTopic orders = BodyTopic.of(Topics.QUARANTINE_ORDERS).orElseThrow();
        assertThat(quarantine.isKeptByAge()).isFalse();
        assertThat(orders.isKeptByAge()).isTrue();
        assertThat(List.of(quarantine.generations(), orders.generations()))
                .containsOnly(Set.of(Generation.QUARANTINE));
    }

    @Test
    void eventsGoByThemselves() {
        assertThat(BodyTopic.isWithoutBodies(Topics.EVENTS)).isTrue();
        assertThat(BodyTopic.isWithoutBodies(Topics.CONTROL)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mail.hold.example.org", "mail.deferred.soon", "mail.deferred.", "mail"})
    void ofAnyOtherNobodyKnows(String name) {
        assertThat(BodyTopic.of(name)).isEmpty();
        assertThat(BodyTopic.isWithoutBodies(name)).isFalse();
    }
}
