package posthaste.bounce.events;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Stream;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.record.Event;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/** Events for tests. */
public final class Happenings {
    public static final Instant AT = Instant.parse("2026-11-22T08:00:05.120Z");

    private Happenings() {}

    public static MailId mail(String name) {
        return MailId.derived(AT.minusSeconds(5), name);
    }

    /** Everything that an event can say. */
    public static Event deferred(String mail, String recipient) {
        return new Event(
                mail(mail),
                AT,
                Optional.of(
                        new Event.Attempt(
                                2,
                                mail(mail) + ".0",
                                "host-1",
                                new AttemptDetails(
                                        "remote.example",
                                        "192.0.2.9",
                                        "mx.remote.example",
                                        "192.0.2.1:25",
                                        "TLSv1.3 TLS_AES_256_GCM_SHA384",
                                        AT.minusMillis(250),
                                        Duration.ofMillis(250)))),
                List.of(
                        new Event.Entry(
                                recipient,
                                Event.Kind.DEFERRED,
                                new EnhancedStatusCode(4, 2, 2),
                                Optional.of(new Reply(452, "4.2.2 mailbox full")),
                                "The remote host put the recipient off.",
                                Optional.of(AT.plusSeconds(300)),
                                true,
                                Optional.of(mail("dsn")))),
                Optional.of(new Stream("bulk")));
    }

    public static Event of(Event.Kind kind, String mail, String recipient, Instant at) {
        return new Event(
                mail(mail),
                at,
                Optional.empty(),
                List.of(
                        new Event.Entry(
                                recipient,
                                kind,
                                new EnhancedStatusCode(2, 0, 0),
                                Optional.empty(),
                                "",
                                Optional.empty(),
                                false,
                                Optional.empty())));
    }
}
