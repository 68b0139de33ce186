package posthaste.mail.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import posthaste.mail.envelope.MailId;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.record.Event.Kind;
import posthaste.mail.status.EnhancedStatusCode;

class EventTest {
    private static final MailId DSN = MailId.derived(Mails.ACCEPTED, "a notice");

    @Test
    void aStoryEndsByDeliveryBounceExpiryOrRemoval() {
        Set<Kind> ends =
                EnumSet.allOf(Kind.class).stream()
                        .filter(Kind::isFinal)
                        .collect(Collectors.toSet());
        assertThat(ends)
                .containsExactlyInAnyOrder(
                        Kind.DELIVERED, Kind.BOUNCED, Kind.EXPIRED, Kind.REMOVED);
    }

    @ParameterizedTest
    @EnumSource
    void anEndIsTheSameWhicheverAttemptFoundIt(Kind kind) {
        String once = id(event(1, Mails.ACCEPTED), entry("a@b.example", kind, Optional.empty()));
        String again =
                id(
                        event(2, Mails.ACCEPTED.plusSeconds(9)),
                        entry("a@b.example", kind, Optional.of(DSN)));
        assertThat(once.equals(again)).isEqualTo(kind.isFinal());
    }

    @Test
    void theSameAttemptReadTwiceIsOneEntry() {
        Event.Entry entry = entry("a@b.example", Kind.DEFERRED, Optional.empty());
        assertThat(id(event(1, Mails.ACCEPTED), entry))
                .isEqualTo(id(event(1, Mails.ACCEPTED), entry));
    }

    @Test
    void attemptsRecipientsAndKindsAreToldApart() {
        Event event = event(1, Mails.ACCEPTED);
        assertThat(
                        List.of(
                                id(event, entry("a@b.example", Kind.DEFERRED, Optional.empty())),
                                id(event, entry("b@b.example", Kind.DEFERRED, Optional.empty())),
                                id(event, entry("a@b.example", Kind.FAILED, Optional.empty())),
                                id(
                                        event(2, Mails.ACCEPTED),
                                        entry("a@b.example", Kind.DEFERRED, Optional.empty()))))
                .doesNotHaveDuplicates();
    }

    @Test
    void aSecondNotificationIsNotTakenForTheFirst() {
        Event event = new Event(Mails.ID, Mails.ACCEPTED, Optional.empty(), List.of());
        MailId second = MailId.derived(Mails.ACCEPTED, "another notice");
        assertThat(id(event, entry("a@b.example", Kind.DELAY_WARNED, Optional.of(DSN))))
                .isNotEqualTo(
                        id(event, entry("a@b.example", Kind.DELAY_WARNED, Optional.of(second))));
    }

    private static String id(Event event, Event.Entry entry) {
        return event.entryId(entry);
    }

    private static Event event(int attempt, Instant at) {
        return new Event(
                Mails.ID,
                at,
                Optional.of(
                        new Event.Attempt(
                                attempt,
                                Mails.ID + ".0",
                                "host-1",
                                new AttemptDetails(
                                        "b.example", "", "", "", "", at, Duration.ZERO))),
                List.of());
    }

    private static Event.Entry entry(String recipient, Kind kind, Optional<MailId> dsn) {
        return new Event.Entry(
                recipient,
                kind,
                new EnhancedStatusCode(4, 0, 0),
                Optional.empty(),
                "",
                Optional.empty(),
                false,
                dsn);
    }
}
