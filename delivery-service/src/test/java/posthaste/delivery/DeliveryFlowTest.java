package posthaste.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import posthaste.body.BodyStore;
import posthaste.body.MemoryBudget;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.memory.MemoryBodyStore;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.RecordCodec;
import posthaste.mail.record.Topics;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.outbound.DeliveryEngine;
import posthaste.outbound.routing.ResolverUnavailableException;
import posthaste.queue.MailQueue;
import posthaste.queue.memory.MemoryMailQueue;

/** The whole service but for the network: what comes in, what goes out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveryFlowTest {
    private static final ScriptedEngine ENGINE = new ScriptedEngine();
    private static final InstantSource CLOCK = InstantSource.system();

    private ConfigurableApplicationContext context;
    private MemoryMailQueue queue;
    private BodyStore store;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(DeliveryConfiguration.class)
    static class Parts {
        @Bean
        DeliveryEngine engine() {
            return ENGINE;
        }

        @Bean
        MailQueue queue() {
            return new MemoryMailQueue(CLOCK);
        }

        @Bean
        @Primary
        BodyStore store(MemoryBudget budget) {
            return new MemoryBodyStore(budget);
        }
    }

    @BeforeAll
    void start() {
        context =
                new SpringApplicationBuilder(Parts.class)
                        .web(WebApplicationType.NONE)
                        .properties("posthaste.instance=relay-1")
                        .run();
        queue = context.getBean(MemoryMailQueue.class);
        store = context.getBean(BodyStore.class);
    }

    @AfterAll
    void stop() {
        context.close();
    }

    @BeforeEach
    void forget() {
        ENGINE.script = _ -> ScriptedEngine.DELIVERED;
        ENGINE.attempts.clear();
    }

    @Test
    void aJobIsTriedOnceAndItsEventWritten() throws Exception {
        OutgoingRecord mail = accepted("a@x.org", "b@x.org");

        Event event = eventOf(mail);

        assertThat(event.attempt().orElseThrow().instance()).isEqualTo("relay-1");
        assertThat(event.entries())
                .extracting(Event.Entry::recipient, Event.Entry::kind)
                .containsExactly(
                        tuple("a@x.org", Event.Kind.DELIVERED),
                        tuple("b@x.org", Event.Kind.DELIVERED));
        assertThat(ENGINE.attempts).hasSize(1);
    }

    @Test
    void aMailForSeveralDomainsBecomesAJobForEach() throws Exception {
        OutgoingRecord mail = accepted("a@x.org", "b@y.org", "c@x.org");

        await().until(() -> events(mail).size() == 2);

        assertThat(ENGINE.attempts)
                .extracting(Job::domain)
                .containsExactlyInAnyOrder("x.org", "y.org");
        assertThat(ENGINE.attempts)
                .allMatch(Job::derived)
                .extracting(Job::id)
                .containsExactlyInAnyOrder(
                        mail.content().mailId() + ".0", mail.content().mailId() + ".1");
    }

    @Test
    void aSplitThatGrewOldOnItsTopicTakesItsBodyAlong() throws Exception {
        OutgoingRecord mail =
                Mails.accepted(
                        store, CLOCK.instant().minus(Duration.ofMinutes(31)), "a@x.org", "b@y.org");
        publish(mail);

        await().until(() -> events(mail).size() == 2);

        assertThat(ENGINE.attempts)
                .allSatisfy(job -> assertThat(job.body().key()).startsWith("deferred/"));
    }

    @Test
    void aJobThatIsHeldBackForLongTakesItsBodyAlong() throws Exception {
        ENGINE.script =
                _ ->
                        new Outcome.Deferred(
                                EnhancedStatusCode.parse("4.4.5"),
                                Optional.empty(),
                                "The destination is down.",
                                Outcome.Kind.NOT_ATTEMPTED,
                                Duration.ofMinutes(40));
        OutgoingRecord mail = accepted("a@x.org");

        await().until(() -> !on("mail.deferred.1h", mail).isEmpty());

        Job next = (Job) on("mail.deferred.1h", mail).getFirst();
        assertThat(next.body().key()).startsWith("deferred/");
        assertThat(next.attempts()).isZero();
    }

    @Test
    void aSoftFailureGoesToTheFirstTierWithItsBodyWhereItIs() throws Exception {
        ENGINE.script =
                _ ->
                        new Outcome.Deferred(
                                EnhancedStatusCode.parse("4.7.1"),
                                Optional.empty(),
                                "Greylisted.",
                                Outcome.Kind.ATTEMPTED,
                                Duration.ZERO);
        OutgoingRecord mail = accepted("a@x.org");

        await().until(() -> !on("mail.deferred.1m", mail).isEmpty());

        Job next = (Job) on("mail.deferred.1m", mail).getFirst();
        assertThat(next.body().key()).startsWith("primary/");
        assertThat(next.attempts()).isOne();
        assertThat(next.tier()).isOne();
    }

    @Test
    void aMailForFallbackGoesThereWithoutAnAttempt() throws Exception {
        OutgoingRecord mail = handled(new FirstStop.Fallback(), "a@x.org", "b@x.org");

        Event event = eventOf(mail);

        assertThat(event.entries())
                .extracting(Event.Entry::recipient, Event.Entry::kind, Event.Entry::reason)
                .containsExactly(
                        tuple("a@x.org", Event.Kind.DEFERRED, "given to fallback at once"),
                        tuple("b@x.org", Event.Kind.DEFERRED, "given to fallback at once"));
        assertThat(event.attempt().orElseThrow().number()).isZero();
        await().until(() -> !on("mail.deferred.1m", mail).isEmpty());
        Job next = (Job) on("mail.deferred.1m", mail).getFirst();
        assertThat(next.attempts()).isZero();
        assertThat(next.tier()).isOne();
        assertThat(next.derived()).isTrue();
        assertThat(ENGINE.attempts).isEmpty();
    }

    @Test
    void aMailForQuarantineGoesThereWithItsBodyAndWithoutAnAttempt() throws Exception {
        OutgoingRecord mail = handled(new FirstStop.Quarantine("rspamd: spam"), "a@x.org");

        assertThat(eventOf(mail).entries())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.kind()).isEqualTo(Event.Kind.QUARANTINED);
                    assertThat(entry.reason()).isEqualTo("rspamd: spam");
                    assertThat(entry.nextAttemptAt())
                            .contains(eventOf(mail).at().plus(Duration.ofDays(30)));
                });
        await().until(() -> !on("mail.quarantine", mail).isEmpty());
        Job kept = (Job) on("mail.quarantine", mail).getFirst();
        assertThat(kept.body().key()).startsWith("quarantine/");
        assertThat(kept.derived()).isTrue();
        assertThat(kept.tier()).isZero();
        assertThat(ENGINE.attempts).isEmpty();
    }

    @Test
    void eachJobOfASplitMailStopsWhereTheMailIsToStop() throws Exception {
        Instant until = CLOCK.instant().plus(Duration.ofHours(10));
        OutgoingRecord mail = handled(new FirstStop.Hold(until), "a@x.org", "b@y.org");

        await().until(() -> on("mail.deferred.4h", mail).size() == 2);

        assertThat(on("mail.deferred.4h", mail))
                .allSatisfy(job -> {
                    assertThat(((Job) job).attempts()).isZero();
                    assertThat(((Job) job).body().key()).startsWith("deferred/");
                });
        assertThat(events(mail))
                .hasSize(2)
                .allSatisfy(event ->
                        assertThat(((Event) event).entries().getFirst().reason())
                                .startsWith("held until " + until.toString().substring(0, 19)));
        assertThat(ENGINE.attempts).isEmpty();
    }

    @Test
    void aMailWhoseTimeHasComeIsTriedAtOnce() throws Exception {
        OutgoingRecord mail = handled(new FirstStop.Hold(CLOCK.instant()), "a@x.org");

        assertThat(eventOf(mail).entries().getFirst().kind()).isEqualTo(Event.Kind.DELIVERED);
    }

    @Test
    void ourOwnPartsFailingCostsTheMailNothing() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        ENGINE.script =
                _ ->
                        switch (calls.incrementAndGet()) {
                            case 1 -> throw new StoreUnavailableException("the store is away");
                            case 2 ->
                                    throw new ResolverUnavailableException(
                                            "the resolver is away", new Exception());
                            default -> ScriptedEngine.DELIVERED;
                        };
        OutgoingRecord mail = accepted("a@x.org");

        Event event = eventOf(mail);

        assertThat(calls).hasValue(3);
        assertThat(event.attempt().orElseThrow().number()).isOne();
        assertThat(event.entries())
                .extracting(Event.Entry::kind)
                .containsExactly(Event.Kind.DELIVERED);
    }

    @Test
    void aMissingBodyIsADeadLetterAndTheNextMailGoesOn() throws Exception {
        ENGINE.script =
                job -> {
                    if (job.domain().equals("poison.org")) {
                        throw new MissingBodyException(job.body());
                    }
                    return ScriptedEngine.DELIVERED;
                };
        OutgoingRecord poison = accepted("a@poison.org");
        OutgoingRecord good = accepted("a@x.org");

        eventOf(good);
        await().until(() -> on(Topics.DEAD_LETTER, poison).size() == 1);
        assertThat(events(poison)).isEmpty();
    }

    @Test
    void aRecordWithoutAPlaceOnATopicIsADeadLetter() throws Exception {
        OutgoingRecord mail = accepted("a@x.org");
        Event event = eventOf(mail);
        int before = on(Topics.DEAD_LETTER, mail).size();

        publish(new OutgoingRecord(Topics.outbound(Mails.TRANSACTIONAL), "x.org", event));

        await().until(() -> on(Topics.DEAD_LETTER, mail).size() == before + 1);
    }

    private OutgoingRecord accepted(String... recipients) throws Exception {
        OutgoingRecord mail = Mails.accepted(store, CLOCK.instant(), recipients);
        publish(mail);
        return mail;
    }

    private OutgoingRecord handled(FirstStop firstStop, String... recipients) throws Exception {
        OutgoingRecord mail =
                Mails.accepted(
                        store,
                        Mails.TRANSACTIONAL,
                        CLOCK.instant(),
                        Handling.ORDINARY.stoppingAt(firstStop),
                        recipients);
        publish(mail);
        return mail;
    }

    private void publish(OutgoingRecord record) throws Exception {
        queue.publisher().publish(List.of(record), Duration.ofSeconds(5));
    }

    private Event eventOf(OutgoingRecord mail) {
        await().until(() -> !events(mail).isEmpty());
        return (Event) events(mail).getFirst();
    }

    private List<MailRecord> events(OutgoingRecord mail) {
        return on(Topics.EVENTS, mail);
    }

    private List<MailRecord> on(String topic, OutgoingRecord mail) {
        return queue.values(topic).stream()
                .map(DeliveryFlowTest::decode)
                .filter(record -> record.mailId().equals(mail.content().mailId()))
                .toList();
    }

    private static MailRecord decode(byte[] value) {
        try {
            return RecordCodec.decode(value);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
