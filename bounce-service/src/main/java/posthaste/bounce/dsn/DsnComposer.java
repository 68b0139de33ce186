package posthaste.bounce.dsn;

import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.thymeleaf.exceptions.TemplateProcessingException;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Notify;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Notice;

/**
 * Makes the notification: a multipart/report of a part for people, a part for machines, and what
 * goes back of the message (RFC 6522 section 3).
 *
 * <p>It is 7-bit clean, whatever the message was, so that every next hop takes it: parts are
 * encoded where they need it. Two cases leave no choice: a reverse-path that itself takes SMTPUTF8,
 * and a message/rfc822 with 8-bit octets, which RFC 2046 section 5.2.1 forbids to encode.
 *
 * <p>The same notice always gives the same mail id and Message-ID, and so does the one of an
 * attempt that a crash has repeated: the log has one row of it, and a receiver can tell the second
 * copy.
 */
public final class DsnComposer {
    private static final Logger LOG = LoggerFactory.getLogger(DsnComposer.class);

    /** RFC 3461 section 6.1: about a notification nobody is notified. */
    private static final Notify NEVER = Notify.parse("NEVER");

    /** Characters, in whatever language. */
    private static final int SUBJECT_LIMIT = 200;

    /** As {@code msg-id} of RFC 5322 section 3.6.4, in its ordinary form and length. */
    private static final Pattern MESSAGE_ID =
            Pattern.compile("<[\\x21-\\x7e&&[^<>@]]{1,250}@[\\x21-\\x7e&&[^<>@]]{1,250}>");

    private final Reporter reporter;
    private final Supplier<DsnTexts> texts;

    /**
     * @param texts those in force
     */
    public DsnComposer(Reporter reporter, Supplier<DsnTexts> texts) {
        this.reporter = reporter;
        this.texts = texts;
    }

    /** With the shipped texts. */
    public DsnComposer(Reporter reporter) {
        this(reporter, DsnTexts::shipped);
    }

    /**
     * Composes one notification about all of {@code told}.
     *
     * @param told at least one of the notice's entries
     * @throws IllegalArgumentException when there is nobody to tell
     */
    public Dsn compose(Notice notice, List<Notice.Entry> told, Returned returned) {
        if (!(notice.envelope().envelope().reversePath()
                instanceof ReversePath.From(EmailAddress sender))) {
            throw new IllegalArgumentException("a null reverse-path is told nothing");
        }
        return new Composition(notice, told, sender, returned).compose();
    }

    /** The composition of one notification. */
    private final class Composition {
        private final Notice notice;
        private final List<Notice.Entry> told;
        private final Envelope original;
        private final EmailAddress sender;
        private final Returned returned;
        private final MailId id;
        private final String messageId;
        private final DeliveryStatus status;
        private final Multipart report;
        private final DsnText text;
        private final DsnText.Filled filled;

        Composition(
                Notice notice, List<Notice.Entry> told, EmailAddress sender, Returned returned) {
            this.notice = notice;
            this.told = told;
            this.original = notice.envelope().envelope();
            this.sender = sender;
            this.returned = returned;
            this.id = notice.notificationId();
            this.messageId = messageId();
            this.status = DeliveryStatus.of(notice, told, reporter);
            this.report = new Multipart("=_" + id, sender.needsSmtpUtf8());
            DsnText chosen = texts.get().choose(returned.languages());
            DsnText.Filled fill;
            try {
                fill = fill(chosen);
            } catch (TemplateProcessingException e) {
                // It was tried before it was taken; but this news is another, and has to be told.
                LOG.error("the text in {} fails, the shipped one is sent", chosen.language(), e);
                chosen = DsnTexts.shipped().choose(List.of());
                fill = fill(chosen);
            }
            this.text = chosen;
            this.filled = fill;
        }

        private DsnText.Filled fill(DsnText with) {
            return with.fill(DsnStory.of(notice, told, reporter, returned, with.dates()::format));
        }

        Dsn compose() {
            report.text(header()).text("\r\nThis is a report in parts (RFC 3464).\r\n");
            report.part(
                    "text/plain; charset=utf-8",
                    "What happened",
                    Optional.of(text.language()),
                    filled.body().toString().getBytes(StandardCharsets.UTF_8));
            report.part(status.type(), "Delivery report", status.octets());
            Optional<Multipart.Content> message = addReturned();
            return new Dsn(envelope(), report.octets(), message, report.end());
        }

        private Envelope envelope() {
            return new Envelope(
                            id,
                            Stream.DSN,
                            ReversePath.NULL,
                            List.of(new Recipient(sender, NEVER, Optional.empty())),
                            Ret.NOT_GIVEN,
                            Optional.empty(),
                            isEightBit() ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT,
                            sender.needsSmtpUtf8(),
                            Client.LOCAL,
                            Optional.of(messageId))
                    .handled(protectedAs(original.handling()));
        }

        /** RFC 8689 section 5: what it tells of the mail is protected as the mail was. */
        private static Handling protectedAs(Handling ofTheMail) {
            return new Handling(new FirstStop.Attempt(), ofTheMail.requireTls(), Optional.empty());
        }

        /**
         * Of the cause alone, so that also an attempt that a crash made twice, at another time,
         * leads to the same one.
         */
        private String messageId() {
            MailId cause = MailId.derived(original.acceptedAt(), notice.id());
            return "<" + cause + "@" + reporter.mta() + ">";
        }

        private Lines header() {
            Lines header =
                    new Lines()
                            .field("Date", DeliveryStatus.date(notice.decidedAt()))
                            .field("From", "Mail Delivery System <" + reporter.from() + ">")
                            .field("To", "<" + sender + ">")
                            .field("Subject", encodedWords(filled.subject()))
                            .field("Message-ID", messageId);
            original.messageId()
                    .filter(about -> MESSAGE_ID.matcher(about).matches())
                    .ifPresent(
                            about -> header.field("In-Reply-To", about).field("References", about));
            // RFC 3834 section 5: no vacation program answers.
            header.field("Auto-Submitted", "auto-replied")
                    .field("MIME-Version", "1.0")
                    .field("Content-Type", report.type(status.reportType()));
            if (isEightBit()) {
                header.field("Content-Transfer-Encoding", "8bit");
            }
            return header;
        }

        /** RFC 2047: also beside a reverse-path in UTF-8, since every reader knows them. */
        private static String encodedWords(String text) {
            try {
                return MimeUtility.encodeText(Inert.line(text, SUBJECT_LIMIT), "UTF-8", "B");
            } catch (UnsupportedEncodingException e) {
                throw new IllegalStateException("every JDK has UTF-8", e);
            }
        }

        private Optional<Multipart.Content> addReturned() {
            return switch (returned) {
                case Returned.Whole whole -> Optional.of(beginMessage(whole));
                case Returned.HeaderSection header -> {
                    report.part(
                            header.mediaType(original.smtpUtf8()),
                            "Header of your message",
                            header.octets());
                    yield Optional.empty();
                }
                case Returned.Nothing _ -> Optional.empty();
            };
        }

        private Multipart.Content beginMessage(Returned.Whole whole) {
            report.begin(whole.mediaType(original.smtpUtf8()), "Your message", encoding(whole));
            Multipart.Content content = whole.body()::writeTo;
            return encoding(whole).equals(Multipart.BASE64)
                    ? Multipart.encoded(Multipart.BASE64, content)
                    : content;
        }

        private String encoding(Returned.Whole whole) {
            boolean mayBeEncoded = whole.isInternational(original.smtpUtf8());
            return !whole.eightBit()
                    ? Multipart.SEVEN_BIT
                    : mayBeEncoded && !sender.needsSmtpUtf8()
                            ? Multipart.BASE64
                            : Multipart.EIGHT_BIT;
        }

        private boolean isEightBit() {
            return sender.needsSmtpUtf8()
                    || (returned instanceof Returned.Whole whole
                            && encoding(whole).equals(Multipart.EIGHT_BIT));
        }
    }
}
