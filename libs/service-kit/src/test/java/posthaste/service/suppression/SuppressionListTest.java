package posthaste.service.suppression;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Stream;
import posthaste.queue.control.Fact;
import posthaste.service.suppression.SuppressionCodec.Said;

class SuppressionListTest {
    private static final Stream BULK = new Stream("bulk");
    private static final EmailAddress BOB = EmailAddress.of("bob@example.org");
    private static final Client CLIENT = new Client("192.0.2.1", "client", Optional.of("app"));

    private Instant now = Instant.parse("2026-11-22T10:00:00Z");
    private final InstantSource clock = () -> now;
    private final SuppressionList list = new SuppressionList(clock);

    @Test
    void anEntryOfAStreamHoldsForThatStreamAloneAndOneForAllForAll() {
        list(entry(BULK, SuppressionClass.COMPLAINT, null));
        assertThat(list.find(BULK, BOB)).isPresent();
        assertThat(list.find(Stream.TRANSACTIONAL, BOB)).isEmpty();

        list(entry(null, SuppressionClass.HARD_BOUNCE, null));
        assertThat(list.find(BULK, BOB))
                .map(SuppressionList.Hit::suppressionClass)
                .contains(SuppressionClass.COMPLAINT);
        assertThat(list.find(Stream.TRANSACTIONAL, EmailAddress.of("\"BOB\"@Example.ORG")))
                .map(SuppressionList.Hit::suppressionClass)
                .contains(SuppressionClass.HARD_BOUNCE);
    }

    @Test
    void anEntryExpiresByItself() {
        list(entry(null, SuppressionClass.MANUAL, clock.instant().plus(Duration.ofHours(1))));
        now = now.plus(Duration.ofMinutes(59));
        assertThat(list.find(BULK, BOB)).isPresent();
        now = now.plus(Duration.ofMinutes(1));
        assertThat(list.find(BULK, BOB)).isEmpty();
        assertThat(list.tally(new SuppressionKey(Optional.empty(), "bob@example.org"))).isEmpty();
    }

    @Test
    void whoIsTakenOutGetsMailAgain() {
        Suppression entry = entry(BULK, SuppressionClass.MANUAL, null);
        list(entry);
        list.told(
                SuppressionCodec.fact(
                        new Said.Removed(entry.key(), "asked for it", "alice", clock.instant())));
        assertThat(list.find(BULK, BOB)).isEmpty();
        assertThat(list.size()).isZero();
    }

    @Test
    void whatIsOnlyCountedRefusesNobody() {
        SuppressionKey key = SuppressionKey.of(Optional.empty(), BOB);
        list(
                new Suppression(
                        key,
                        SuppressionClass.SOFT_BOUNCE,
                        false,
                        3,
                        "",
                        "delivery",
                        clock.instant(),
                        clock.instant(),
                        Optional.empty()));
        assertThat(list.find(BULK, BOB)).isEmpty();
        assertThat(list.tally(key)).map(SuppressionList.Tally::count).contains(3);
    }

    @Test
    void whatNoVersionOfOursWroteIsCountedAndHarmsNothing() {
        Instant later = clock.instant().plusSeconds(60);
        list.told(new Fact("suppression", "nonsense", new byte[] {1, 2}, later));
        list.told(new Fact("suppression", "*:x@y.org", new byte[] {1, 99, 1}, later));
        list.told(new Fact("suppression", "*:x@y.org", new byte[0], later));
        list.told(new Fact("suppression", "*:x@y.org", new byte[] {9, 1}, later));
        assertThat(list.unreadable()).isEqualTo(4);
        assertThat(list.size()).isZero();
    }

    @Test
    void anEntryIsReadAsItWasWritten() {
        Suppression entry =
                new Suppression(
                        SuppressionKey.of(Optional.of(BULK), EmailAddress.of("jürgen@x.org")),
                        SuppressionClass.UNSUBSCRIBE,
                        true,
                        7,
                        "550 5.1.1 nö",
                        "alice",
                        Instant.parse("2026-11-01T00:00:00Z"),
                        clock.instant(),
                        Optional.of(Instant.parse("2027-01-01T00:00:00Z")));
        assertThat(SuppressionCodec.read(SuppressionCodec.fact(new Said.Listed(entry))))
                .contains(new Said.Listed(entry));
        Said.Removed removed = new Said.Removed(entry.key(), "why", "bob", clock.instant());
        assertThat(SuppressionCodec.read(SuppressionCodec.fact(removed))).contains(removed);
    }

    @Test
    void aRefusalSaysWhySinceWhenAndWhereToAsk() {
        list(entry(null, SuppressionClass.HARD_BOUNCE, null));
        assertThat(screen(List.of(), "postmaster@relay.example").reason(CLIENT, BULK, BOB))
                .contains(
                        "suppressed: hard-bounce, since 2026-11-22; see postmaster@relay.example");
    }

    @Test
    void whoIsExemptIsNotHeldBack() {
        list(entry(null, SuppressionClass.HARD_BOUNCE, null));
        assertThat(screen(List.of("192.0.2.1"), "").reason(CLIENT, BULK, BOB)).isEmpty();
        assertThat(screen(List.of("app"), "").reason(CLIENT, BULK, BOB)).isEmpty();
        assertThat(screen(List.of(), "").reason(CLIENT, Stream.DSN, BOB)).isEmpty();
        assertThat(screen(List.of("192.0.2.2"), "").reason(CLIENT, BULK, BOB)).isPresent();
    }

    private SuppressionScreen screen(List<String> exemptClients, String help) {
        return new SuppressionScreen(
                list,
                new SuppressionProperties(
                        true, List.of("dsn"), exemptClients, true, help, Map.of(), Map.of()));
    }

    private void list(Suppression entry) {
        list.told(SuppressionCodec.fact(new Said.Listed(entry)));
    }

    private Suppression entry(
            @Nullable Stream stream, SuppressionClass of, @Nullable Instant expires) {
        return new Suppression(
                SuppressionKey.of(Optional.ofNullable(stream), BOB),
                of,
                true,
                1,
                "because",
                "alice",
                clock.instant(),
                clock.instant(),
                Optional.ofNullable(expires));
    }
}
