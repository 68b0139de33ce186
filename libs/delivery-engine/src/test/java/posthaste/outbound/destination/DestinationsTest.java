package posthaste.outbound.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
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

    private final SettableClock clock = SettableClock.at("2026-11-22T10:00:00Z");
    private final Destinations destinations = new Destinations(SETTINGS, clock);

    @Test
    void theQuietAreForgottenTheOthersNot() throws Exception {
        visitOnce("quiet.org");
        try (Visit busy = destinations.visit("busy.org")) {
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
        try (Visit first = destinations.visit("x.org");
                Visit second = destinations.visit("x.org");
                Visit third = destinations.visit("x.org");
                Visit fourth = destinations.visit("x.org")) {
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
        try (Visit late = destinations.visit("x.org")) {
            assertThat(late.admit(System.nanoTime())).isEqualTo(down);
        }
    }

    @Test
    void aBurstForADestinationThatHangsIsSentBackWhenItShowsSoThatOthersComeIn() throws Exception {
        visitOnce("good.org");
        List<CompletableFuture<Admission>> burst = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            burst.add(inBackground(destinations.visit("hangs.org")));
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
            burst.add(inBackground(destinations.visit("smart.host")));
        }
        await().until(() -> destinations.waiting() == 78);

        await().during(Duration.ofMillis(200))
                .until(() -> {
                    destinations.tidy(System.nanoTime());
                    return destinations.waiting() == 78;
                });
        assertThat(burst).filteredOn(CompletableFuture::isDone).hasSize(2);
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
        try (Visit visit = destinations.visit(name)) {
            assertThat(visit.admit(System.nanoTime())).isInstanceOf(Admission.Admitted.class);
        }
    }
}
