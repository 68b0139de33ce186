package posthaste.bounce.dsn;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Notify;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Notice;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/** Notices for tests, ordinary unless said otherwise. */
public final class Notices {
    public static final Instant ACCEPTED = Instant.parse("2026-11-22T07:00:00Z");
    public static final Instant DECIDED = Instant.parse("2026-11-22T08:00:05Z");
    public static final Instant UNTIL = Instant.parse("2026-11-27T07:00:00Z");
    public static final BodyRef BODY = new BodyRef("primary/x", 0, 100, 1);
    public static final Reporter REPORTER =
            new Reporter("mx.posthaste.example", EmailAddress.of("postmaster@posthaste.example"));
    public static final byte[] MESSAGE =
            """
            Received: from client.example by mx.posthaste.example\r
            \tid 01; Sun, 22 Nov 2026 07:00:00 +0000\r
            From: Alice <alice@sender.example>\r
            To: bob@remote.example\r
            Subject: A plain message\r
            Message-ID: <m1@sender.example>\r
            \r
            The first line of the body.\r
            """
                    .getBytes(StandardCharsets.US_ASCII);

    private Notices() {}

    public static Recipient recipient(String address) {
        return new Recipient(EmailAddress.of(address));
    }

    public static Recipient recipient(String address, String notify, String orcpt) {
        return new Recipient(
                EmailAddress.of(address),
                notify.isEmpty() ? Notify.NOT_GIVEN : Notify.parse(notify),
                orcpt.isEmpty() ? Optional.empty() : Optional.of(orcpt));
    }

    public static Envelope envelope(Recipient... recipients) {
        return new Envelope(
                MailId.derived(ACCEPTED, "test"),
                new Stream("transactional"),
                new ReversePath.From(EmailAddress.of("alice@sender.example")),
                Arrays.asList(recipients),
                Ret.NOT_GIVEN,
                Optional.empty(),
                BodyType.SEVEN_BIT,
                false,
                new Client("127.0.0.1", "client.example", Optional.empty()),
                Optional.of("<m1@sender.example>"));
    }

    public static Envelope sentBy(Envelope e, ReversePath sender) {
        return new Envelope(
                e.id(),
                e.stream(),
                sender,
                e.recipients(),
                e.ret(),
                e.envid(),
                e.bodyType(),
                e.smtpUtf8(),
                e.client(),
                e.messageId());
    }

    public static Envelope asking(Envelope e, Ret ret, String envid) {
        return new Envelope(
                e.id(),
                e.stream(),
                e.reversePath(),
                e.recipients(),
                ret,
                envid.isEmpty() ? Optional.empty() : Optional.of(envid),
                e.bodyType(),
                e.smtpUtf8(),
                e.client(),
                e.messageId());
    }

    public static Envelope international(Envelope e) {
        return new Envelope(
                e.id(),
                e.stream(),
                e.reversePath(),
                e.recipients(),
                e.ret(),
                e.envid(),
                BodyType.EIGHT_BIT_MIME,
                true,
                e.client(),
                e.messageId());
    }

    public static Notice.Entry failed(int recipient) {
        return failed(recipient, new Reply(550, "5.1.1 no such user here"));
    }

    public static Notice.Entry failed(int recipient, Reply reply) {
        return new Notice.Entry(
                recipient,
                Notice.Action.FAILED,
                new EnhancedStatusCode(5, 1, 1),
                Optional.of(reply),
                "The remote host refused the recipient.",
                "mx.remote.example",
                Optional.empty());
    }

    public static Notice.Entry refusedByUs(int recipient) {
        return new Notice.Entry(
                recipient,
                Notice.Action.FAILED,
                new EnhancedStatusCode(5, 1, 10),
                Optional.empty(),
                "The domain takes no mail (null MX).",
                "",
                Optional.empty());
    }

    public static Notice.Entry entry(int recipient, Notice.Action action) {
        return switch (action) {
            case FAILED -> failed(recipient);
            case EXPIRED ->
                    new Notice.Entry(
                            recipient,
                            action,
                            new EnhancedStatusCode(4, 4, 1),
                            Optional.empty(),
                            "No host of the domain answered.",
                            "mx.remote.example",
                            Optional.empty());
            case DELAYED ->
                    new Notice.Entry(
                            recipient,
                            action,
                            new EnhancedStatusCode(4, 2, 2),
                            Optional.of(new Reply(452, "4.2.2 mailbox full")),
                            "The remote host put the recipient off.",
                            "mx.remote.example",
                            Optional.of(UNTIL));
            case RELAYED ->
                    new Notice.Entry(
                            recipient,
                            action,
                            new EnhancedStatusCode(2, 1, 5),
                            Optional.of(new Reply(250, "2.1.5 fine")),
                            "The next hop took it and does not know DSN.",
                            "mx.remote.example",
                            Optional.empty());
        };
    }

    public static Notice notice(Envelope envelope, Notice.Entry... entries) {
        return notice(envelope, BODY, Arrays.asList(entries));
    }

    public static Notice notice(Envelope envelope, BodyRef body, List<Notice.Entry> entries) {
        return new Notice(
                envelope.id()
                        + ".0/"
                        + entries.getFirst().action()
                        + entries.stream().map(Notice.Entry::recipient).toList(),
                EncodedEnvelope.of(envelope),
                body,
                DECIDED,
                new ArrayList<>(entries));
    }

    /** One recipient, refused by the remote host. */
    public static Notice ordinary() {
        return ordinary(UnaryOperator.identity());
    }

    public static Notice ordinary(UnaryOperator<Envelope> but) {
        return notice(but.apply(envelope(recipient("bob@remote.example"))), failed(0));
    }
}
