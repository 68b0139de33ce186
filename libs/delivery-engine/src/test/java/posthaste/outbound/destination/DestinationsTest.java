package posthaste.outbound.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import posthaste.mail.envelope.Stream;
import posthaste.mail.envelope.StreamShares;
import posthaste.testing.SettableClock;

class DestinationsTest {
    private static final DestinationSettings SETTINGS =
            new DestinationSettings(
                    2,
                    5,
                    Duration.ofSeconds(10),
                    100,
                    Duration.ofMinutes(5),
                    3,
                    Duration.ofMinutes(1),
                    100);

    private static final Stream BULK = new Stream("bulk");

    private final SettableClock clock = SettableClock.at("2026-11-22T10:00:00Z");
    private final Destinations destinations = new Destinations(SETTINGS, clock);

    @Test
    void theQuietAreForgottenTheOthersNot() throws Exception {
        visitOnce("quiet.org");
        try (Visit busy = destinations.visit("busy.org", Stream.TRANSACTIONAL)) {
            busy.admit(System.nanoTime());
            long later = System.nanoTime() + Duration.ofMinutes(3).toNanos();
            destinations.forgetTheQuiet(later);
            assertThat(destinations.snapshot())
                    .extracting(DestinationSnapshot::name)
                    .containsExactly("busy.org");
        }
        assertThat(destinations.held()).isZero();
    }

    @Test
    void ofAMillionDomainsNoneIsRememberedBeyondItsLastJob() throws Exception {
        for (int i = 0; i < 60_000; i++) {
            visitOnce("domain" + i + ".org");
        }
        destinations.forgetTheQuiet(System.nanoTime());
        assertThat(destinations.snapshot()).isEmpty();
    }

    @Test
    void aDestinationThatGoesDownSendsThoseWhoWaitBack() throws Exception {
        Admission down =
                new Admission.HeldBack(
                        Duration.ofMinutes(1), "x.org has been down since 2026-11-22T10:00:00Z");
        try (Visit first = destinations.visit("x.org", Stream.TRANSACTIONAL);
                Visit second = destinations.visit("x.org", Stream.TRANSACTIONAL);
                Visit third = destinations.visit("x.org", Stream.TRANSACTIONAL);
                Visit fourth = destinations.visit("x.org", Stream.TRANSACTIONAL)) {
            Slot one = slot(first);
            Slot two = slot(second);
            CompletableFuture<Admission> next = inBackground(third);
            await().until(() -> destinations.waiting() == 1);
            CompletableFuture<Admission> last = inBackground(fourth);
            await().until(() -> destinations.waiting() == 2);

            one.end(Contact.FAILED);
            two.end(Contact.FAILED);
            ((Admission.Admitted) next.get(5, TimeUnit.SECONDS)).slot().end(Contact.FAILED);

            assertThat(last.get(5, TimeUnit.SECONDS)).isEqualTo(down);
            assertThat(destinations.waiting()).isZero();
        }
        try (Visit late = destinations.visit("x.org", Stream.TRANSACTIONAL)) {
            assertThat(late.admit(System.nanoTime())).isEqualTo(down);
        }
    }

    @Test
    void aBurstForADestinationThatHangsIsSentBackWhenItShowsSoThatOthersComeIn() throws Exception {
        visitOnce("good.org");
        List<CompletableFuture<Admission>> burst = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            burst.add(inBackground(destinations.visit("hangs.org", Stream.TRANSACTIONAL)));
        }
        await().until(() -> destinations.waiting() + done(burst) == 80);

        await().until(() -> {
            destinations.tidy(System.nanoTime());
            return destinations.waiting() <= 25;
        });

        assertThat(destinations.waiting()).as("a quarter, less the two under way").isEqualTo(23);
        await().until(() -> done(burst) >= 55);
    }

    private static long done(List<CompletableFuture<Admission>> all) {
        return all.stream().filter(CompletableFuture::isDone).count();
    }

    @Test
    void aBurstIsKeptWhereThereIsNoOtherDestination() throws Exception {
        List<CompletableFuture<Admission>> burst = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            burst.add(inBackground(destinations.visit("smart.host", Stream.TRANSACTIONAL)));
        }
        await().until(() -> destinations.waiting() == 78);

        await().during(Duration.ofMillis(200))
                .until(() -> {
                    destinations.tidy(System.nanoTime());
                    return destinations.waiting() == 78;
                });
        assertThat(burst).filteredOn(CompletableFuture::isDone).hasSize(2);
    }

    /** The configured maximum is in use, so that there is no slot beyond the limit either. */
    @Test
    void aTransactionalMailIsNextHoweverManyCampaignMailsWaitForTheSameDestination()
            throws Exception {
        Destinations full = new Destinations(with(2, 2), clock);
        List<Slot> busy = List.of(slot(full.visit("x.org", BULK)), slot(full.visit("x.org", BULK)));
        List<CompletableFuture<Admission>> campaign = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            campaign.add(inBackground(full.visit("x.org", BULK)));
        }
        await().until(() -> full.waiting() == 50);
        CompletableFuture<Admission> reset =
                inBackground(full.visit("x.org", Stream.TRANSACTIONAL));
        await().until(() -> full.waiting() == 51);

        busy.getFirst().end(Contact.MADE);
        await().until(() ->
                isAdmitted(reset) || campaign.stream().anyMatch(DestinationsTest::isAdmitted));
        if (!isAdmitted(reset)) {
            slot(campaign.stream().filter(DestinationsTest::isAdmitted).findFirst().orElseThrow())
                    .end(Contact.MADE);
        }

        assertThat(reset.get(5, TimeUnit.SECONDS)).isInstanceOf(Admission.Admitted.class);
        assertThat(campaign).filteredOn(CompletableFuture::isDone).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aStreamWithNothingUnderWayNeedNotWaitForAnothersSlot() throws Exception {
        Destinations known = new Destinations(with(2, 5), clock);
        slot(known.visit("x.org", BULK));
        slot(known.visit("x.org", BULK));
        CompletableFuture<Admission> third = inBackground(known.visit("x.org", BULK));
        await().until(() -> known.waiting() == 1);

        slot(known.visit("x.org", Stream.TRANSACTIONAL));
        assertThat(third).as("the limit that was found still holds").isNotDone();

        CompletableFuture<Admission> second =
                inBackground(known.visit("x.org", Stream.TRANSACTIONAL));
        await().until(() -> known.waiting() == 2);
        assertThat(second).as("one beyond the limit, not more").isNotDone();
    }

    @Test
    void aCampaignForADestinationThatHangsCrowdsOutNoOtherStream() throws Exception {
        Destinations all =
                new Destinations(
                        new DestinationSettings(
                                1,
                                1,
                                Duration.ofSeconds(10),
                                100,
                                Duration.ofMinutes(5),
                                3,
                                Duration.ofMinutes(1),
                                100,
                                List.of(Stream.TRANSACTIONAL, BULK, Stream.DSN),
                                StreamShares.USUAL),
                        clock);
        try (Visit good = all.visit("good.org", Stream.TRANSACTIONAL)) {
            slot(good);
            List<CompletableFuture<Admission>> campaign = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                campaign.add(inBackground(all.visit("hangs" + i % 5 + ".org", BULK)));
            }
            await().until(() -> {
                all.tidy(System.nanoTime());
                return all.waiting() <= 15;
            });
            assertThat(done(campaign)).as("sent away, or under way").isGreaterThanOrEqualTo(15);
            int waiting = all.waiting();
            CompletableFuture<Admission> reset =
                    inBackground(all.visit("hangs1.org", Stream.TRANSACTIONAL));
            await().until(() -> all.waiting() == waiting + 1);
            all.tidy(System.nanoTime());
            assertThat(reset).as("it waits for its turn, and is not sent away").isNotDone();
        }
    }

    private static DestinationSettings with(int start, int most) {
        return new DestinationSettings(
                start,
                most,
                Duration.ofSeconds(10),
                100,
                Duration.ofMinutes(5),
                3,
                Duration.ofMinutes(1),
                1000);
    }

    private static boolean isAdmitted(CompletableFuture<Admission> one) {
        return one.isDone() && one.join() instanceof Admission.Admitted;
    }

    private static Slot slot(CompletableFuture<Admission> one) {
        return ((Admission.Admitted) one.join()).slot();
    }

    @Test
    void aSlotLeftOpenIsGivenBack() throws Exception {
        for (int i = 0; i < 10; i++) {
            visitOnce("x.org");
        }
        assertThat(destinations.snapshot().getFirst().busy()).isZero();
    }

    private static CompletableFuture<Admission> inBackground(Visit visit) {
        CompletableFuture<Admission> result = new CompletableFuture<>();
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        Thread.startVirtualThread(() -> {
            try {
                result.complete(visit.admit(deadline));
            } catch (InterruptedException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static Slot slot(Visit visit) throws InterruptedException {
        return ((Admission.Admitted) visit.admit(System.nanoTime())).slot();
    }

    private void visitOnce(String name) throws InterruptedException {
        try (Visit visit = destinations.visit(name, Stream.TRANSACTIONAL)) {
            assertThat(visit.admit(System.nanoTime())).isInstanceOf(Admission.Admitted.class);
        }
    }
}
