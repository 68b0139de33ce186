package posthaste.mail.record;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.DeliverBy;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Notify;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;

/** Mails for tests. */
final class Mails {
    static final Instant ACCEPTED = Instant.parse("2026-11-22T07:00:00Z");
    static final MailId ID = MailId.derived(ACCEPTED, "test");
    static final BodyRef BODY = new BodyRef("primary/x/1", 4096, 10_240, 0xdeadbeef);

    private Mails() {}

    static Envelope to(String... recipients) {
        return to(Arrays.stream(recipients).map(r -> new Recipient(EmailAddress.of(r))).toList());
    }

    static Envelope to(List<Recipient> recipients) {
        return new Envelope(
                ID,
                new posthaste.mail.envelope.Stream("transactional"),
                new ReversePath.From(EmailAddress.of("alice@sender.example")),
                recipients,
                Ret.NOT_GIVEN,
                Optional.empty(),
                BodyType.SEVEN_BIT,
                false,
                new Client("127.0.0.1", "client.example", Optional.empty()),
                Optional.empty());
    }

    /** With everything that can be said. */
    static Envelope outspoken() {
        return new Envelope(
                ID,
                new posthaste.mail.envelope.Stream("bulk"),
                new ReversePath.From(EmailAddress.of("älice@sender.example")),
                List.of(
                        new Recipient(
                                EmailAddress.of("\"a b\"@rémote.example"),
                                Notify.parse("SUCCESS,DELAY"),
                                Optional.of("rfc822;a+b=c@origin.example")),
                        new Recipient(
                                EmailAddress.of("c@[192.0.2.1]"),
                                Notify.parse("NEVER"),
                                Optional.empty())),
                Ret.FULL,
                Optional.of("order 4711"),
                BodyType.EIGHT_BIT_MIME,
                true,
                new Client("2001:db8::1", "client.example", Optional.of("alice")),
                Optional.of("<m1@sender.example>"),
                new Handling(
                        new FirstStop.Hold(ACCEPTED.plusSeconds(3600)),
                        true,
                        Optional.of(
                                new DeliverBy(
                                        ACCEPTED.plusSeconds(7200), DeliverBy.Mode.RETURN, true))),
                "DKIM-Signature: v=1;\r\n\tb=x\r\n");
    }

    /** {@code r0@domain, r1@domain, ...}. */
    static Stream<String> many(int count, String domain) {
        return IntStream.range(0, count).mapToObj(i -> "r" + i + "@" + domain);
    }
}
