package posthaste.service.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.RecipientOutcome;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Job;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;
import posthaste.outbound.AttemptBudget;
import posthaste.outbound.DeliveryEngine;
import posthaste.outbound.smtp.FinalDot;
import posthaste.service.suppression.Suppression;
import posthaste.service.suppression.SuppressionClass;
import posthaste.service.suppression.SuppressionCodec;
import posthaste.service.suppression.SuppressionKey;
import posthaste.service.suppression.SuppressionList;
import posthaste.service.suppression.SuppressionProperties;
import posthaste.service.suppression.SuppressionScreen;

class ScreenedEngineTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);

    private final List<List<Integer>> tried = new ArrayList<>();
    private final SuppressionList list = new SuppressionList(CLOCK);
    private final ScreenedEngine engine =
            new ScreenedEngine(
                    new Willing(),
                    new SuppressionScreen(
                            list,
                            new SuppressionProperties(
                                    true, List.of("dsn"), List.of(), true, "", Map.of(), Map.of())),
                    CLOCK);

    @Test
    void whoIsNotOnTheListIsTried() throws Exception {
        AttemptReport report = attempt("ann@x.org", "bob@x.org");
        assertThat(report.outcomes()).allMatch(o -> o.outcome() instanceof Outcome.Delivered);
        assertThat(tried).containsExactly(List.of(0, 1));
    }

    @Test
    void whoIsOnTheListFailsWithoutAnAttemptAndTheOthersAreTried() throws Exception {
        suppress("bob@x.org");
        AttemptReport report = attempt("ann@x.org", "Bob@X.org", "eve@x.org");
        assertThat(tried).containsExactly(List.of(0, 2));
        assertThat(report.outcomes())
                .extracting(RecipientOutcome::recipient)
                .containsExactly(0, 1, 2);
        assertThat(report.outcomes().get(1).outcome())
                .isEqualTo(
                        new Outcome.Failed(
                                new EnhancedStatusCode(5, 7, 1),
                                Optional.empty(),
                                "suppressed: complaint, since 2026-11-22"));
    }

    @Test
    void whereAllAreOnTheListNothingIsTried() throws Exception {
        suppress("ann@x.org");
        AttemptReport report = attempt("ann@x.org");
        assertThat(tried).isEmpty();
        assertThat(report.outcomes()).hasSize(1);
        assertThat(report.details().destination()).isEqualTo("x.org");
        assertThat(report.details().remoteHost()).isEmpty();
    }

    private void suppress(String address) {
        list.told(
                SuppressionCodec.fact(
                        new SuppressionCodec.Said.Listed(
                                new Suppression(
                                        SuppressionKey.of(
                                                Optional.empty(), EmailAddress.of(address)),
                                        SuppressionClass.COMPLAINT,
                                        true,
                                        1,
                                        "",
                                        "alice",
                                        NOW,
                                        NOW,
                                        Optional.empty()))));
    }

    private AttemptReport attempt(String... recipients) throws Exception {
        Envelope envelope =
                new Envelope(
                        MailId.derived(NOW, "test"),
                        Stream.TRANSACTIONAL,
                        new ReversePath.From(EmailAddress.of("a@b.example")),
                        Arrays.stream(recipients)
                                .map(address -> new Recipient(EmailAddress.of(address)))
                                .toList(),
                        Ret.NOT_GIVEN,
                        Optional.empty(),
                        BodyType.SEVEN_BIT,
                        false,
                        Client.LOCAL,
                        Optional.empty());
        return engine.attempt(
                Job.first(
                        EncodedEnvelope.of(envelope), new BodyRef("primary/x", 0, 10, 1), 0, false),
                AttemptBudget.PRIMARY);
    }

    /** Delivers to everybody. */
    private final class Willing implements DeliveryEngine {
        @Override
        public AttemptReport attempt(Job job, AttemptBudget budget, FinalDot finalDot) {
            tried.add(job.pending());
            return new AttemptReport(
                    new AttemptDetails("x.org", "", "mx", "", "", NOW, Duration.ZERO),
                    job.pending().stream()
                            .map(i ->
                                    new RecipientOutcome(
                                            i,
                                            new Outcome.Delivered(
                                                    new Reply(250, "2.0.0 ok"), true)))
                            .toList());
        }

        @Override
        public void close() {}
    }
}
