package posthaste.outbound.smtp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.DeliverBy;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Notify;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.outbound.failure.Stage;
import posthaste.outbound.failure.Trouble;

/**
 * Writes MAIL and RCPT for one mail and one next hop: each parameter only where its extension is
 * offered.
 */
final class MailCommands {
    private static final EnhancedStatusCode TOO_LARGE = new EnhancedStatusCode(5, 3, 4);
    private static final EnhancedStatusCode NO_SMTPUTF8 = new EnhancedStatusCode(5, 6, 7);

    /** RFC 8689 section 4.2.1. */
    private static final EnhancedStatusCode NO_REQUIRETLS = new EnhancedStatusCode(5, 7, 30);

    /** System not capable of selected features. */
    private static final EnhancedStatusCode NO_DELIVERBY = new EnhancedStatusCode(5, 3, 3);

    /** RFC 2852 section 4: seconds, of nine digits. */
    private static final long LONGEST_BY = 999_999_999;

    private static final EnhancedStatusCode TOO_LATE = new EnhancedStatusCode(5, 4, 7);

    private final Envelope envelope;
    private final long messageLength;
    private final Extensions offered;
    private final Instant now;

    MailCommands(Envelope envelope, long messageLength, Extensions offered, Instant now) {
        this.envelope = envelope;
        this.messageLength = messageLength;
        this.offered = offered;
        this.now = now;
    }

    /** Whether this next hop cannot take the mail at all; others of its destination may. */
    Optional<Trouble> unfitHost() {
        if (requiresTls() && !offered.requireTls()) {
            return Optional.of(
                    new Trouble.Unfit(
                            Stage.EHLO,
                            NO_REQUIRETLS,
                            "does not offer REQUIRETLS, which the sender demands"));
        }
        return envelope.handling()
                .deliverBy()
                .filter(by -> by.mode() == DeliverBy.Mode.RETURN)
                .flatMap(this::tooSlow);
    }

    /** RFC 2852 section 4.1.4.1. */
    private Optional<Trouble> tooSlow(DeliverBy by) {
        if (!offered.deliverBy()) {
            return Optional.of(
                    new Trouble.Unfit(
                            Stage.EHLO,
                            NO_DELIVERBY,
                            "does not offer DELIVERBY, without which it may not be given mail that"
                                    + " is to be returned when it is late"));
        }
        long left = secondsLeft(by);
        return left < 1 || left < offered.shortestDeliverBy()
                ? Optional.of(
                        new Trouble.Unfit(
                                Stage.EHLO,
                                TOO_LATE,
                                "cannot be asked to deliver within the "
                                        + Math.max(0, left)
                                        + " s that are left"))
                : Optional.empty();
    }

    /** Whether the mail cannot be given to a next hop like this one. */
    Optional<Trouble> unfit() {
        if (offered.sizeLimit() > 0 && messageLength > offered.sizeLimit()) {
            return Optional.of(
                    new Trouble.Unfit(
                            Stage.MAIL,
                            TOO_LARGE,
                            "takes no message of more than " + offered.sizeLimit() + " octets"));
        }
        if (!offered.smtpUtf8()
                && envelope.reversePath() instanceof ReversePath.From(var address)
                && address.inAscii().isEmpty()) {
            return Optional.of(
                    new Trouble.Unfit(
                            Stage.MAIL,
                            NO_SMTPUTF8,
                            "does not offer SMTPUTF8, which the sender's address needs"));
        }
        return Optional.empty();
    }

    /** Whether this next hop cannot be told this recipient. */
    Optional<Trouble> unfit(Recipient recipient) {
        return !offered.smtpUtf8() && recipient.address().inAscii().isEmpty()
                ? Optional.of(
                        new Trouble.Unfit(
                                Stage.RCPT,
                                NO_SMTPUTF8,
                                "does not offer SMTPUTF8, which the address needs"))
                : Optional.empty();
    }

    /**
     * Whether the message itself has to be looked at: with SMTPUTF8 its header may hold UTF-8,
     * which a next hop without it may not be given (RFC 6531 section 3.2).
     */
    boolean needsAsciiHeader() {
        return envelope.smtpUtf8() && !offered.smtpUtf8();
    }

    /** The trouble of a message with such a header. */
    static Trouble internationalHeader() {
        return new Trouble.Unfit(
                Stage.DATA, NO_SMTPUTF8, "does not offer SMTPUTF8, which the message header needs");
    }

    /** MAIL for these recipients (RFC 5321 section 4.1.1.2). */
    String mail(List<Recipient> to) {
        StringBuilder command = new StringBuilder(120);
        command.append("MAIL FROM:<").append(reversePath()).append('>');
        if (offered.size()) {
            command.append(" SIZE=").append(messageLength);
        }
        if (offered.eightBitMime() && envelope.bodyType() == BodyType.EIGHT_BIT_MIME) {
            command.append(" BODY=8BITMIME");
        }
        if (usesSmtpUtf8(to)) {
            command.append(" SMTPUTF8");
        }
        if (offered.dsn()) {
            if (envelope.ret() != Ret.NOT_GIVEN) {
                command.append(" RET=").append(envelope.ret());
            }
            envelope.envid()
                    .filter(envid -> offered.smtpUtf8() || isAscii(envid))
                    .ifPresent(envid -> command.append(" ENVID=").append(xtext(envid)));
        }
        if (envelope.handling().requireTls() && offered.requireTls()) {
            command.append(" REQUIRETLS");
        }
        if (offered.deliverBy()) {
            envelope.handling().deliverBy().ifPresent(by -> command.append(" BY=").append(by(by)));
        }
        return command.toString();
    }

    /** RCPT (RFC 5321 section 4.1.1.3). */
    String rcpt(Recipient recipient) {
        StringBuilder command = new StringBuilder(80);
        command.append("RCPT TO:<").append(written(recipient.address())).append('>');
        if (offered.dsn()) {
            Notify wishes = wishes(recipient.notification());
            if (wishes.isGiven()) {
                command.append(" NOTIFY=").append(words(wishes));
            }
            recipient
                    .orcpt()
                    .filter(orcpt -> offered.smtpUtf8() || isAscii(orcpt))
                    .ifPresent(orcpt -> command.append(" ORCPT=").append(orcpt(orcpt)));
        }
        return command.toString();
    }

    /** Whether the wishes for notifications are passed on with the mail. */
    boolean passesDsnOn() {
        return offered.dsn();
    }

    /** Whether the time by which the mail is to be delivered is passed on with it. */
    boolean passesDeliverByOn() {
        return offered.deliverBy();
    }

    /**
     * Whether it may only be sent where RFC 8689 is kept; a notification is better sent without
     * than not at all (section 5).
     */
    private boolean requiresTls() {
        return envelope.handling().requireTls()
                && envelope.reversePath() instanceof ReversePath.From;
    }

    /** RFC 2852 section 4.1.4.2: who does not know the time is to tell of delays. */
    private Notify wishes(Notify asked) {
        boolean untold =
                !offered.deliverBy()
                        && envelope.handling()
                                .deliverBy()
                                .map(DeliverBy::mode)
                                .filter(DeliverBy.Mode.NOTIFY::equals)
                                .isPresent();
        if (!untold || asked.never()) {
            return asked;
        }
        Set<Notify.Condition> conditions = EnumSet.of(Notify.Condition.DELAY);
        conditions.addAll(asked.isGiven() ? asked.conditions() : Set.of(Notify.Condition.FAILURE));
        return new Notify(conditions);
    }

    private String by(DeliverBy by) {
        return secondsLeft(by)
                + ";"
                + switch (by.mode()) {
                    case RETURN -> "R";
                    case NOTIFY -> "N";
                }
                + (by.trace() ? "T" : "");
    }

    private long secondsLeft(DeliverBy by) {
        long left = Duration.between(now, by.deadline()).toSeconds();
        return Math.clamp(left, -LONGEST_BY, LONGEST_BY);
    }

    private String reversePath() {
        return envelope.reversePath() instanceof ReversePath.From(var address)
                ? written(address)
                : "";
    }

    /** As it was written if it may be, else with its domain in A-labels. */
    private String written(EmailAddress address) {
        return (offered.smtpUtf8() ? address : address.inAscii().orElse(address)).toString();
    }

    private boolean usesSmtpUtf8(List<Recipient> to) {
        return offered.smtpUtf8()
                && (envelope.smtpUtf8()
                        || !isAscii(envelope.reversePath().toString())
                        || to.stream().anyMatch(one -> one.address().needsSmtpUtf8()));
    }

    private static String words(Notify notification) {
        return notification.conditions().stream()
                .sorted()
                .map(condition -> condition.name().toUpperCase(Locale.ROOT))
                .collect(Collectors.joining(","));
    }

    /**
     * {@code type;address} with the address in xtext, or UTF-8 (RFC 3461 section 4.2, RFC 6533).
     */
    private static String orcpt(String decoded) {
        int semicolon = decoded.indexOf(';');
        return semicolon < 0
                ? xtext(decoded)
                : decoded.substring(0, semicolon + 1) + xtext(decoded.substring(semicolon + 1));
    }

    /** RFC 3461 section 4; beyond ASCII as UTF-8 itself, which is sent only where it is offered. */
    static String xtext(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c > ' ' && c < 0x7f && c != '+' && c != '=') || c >= 0x80) {
                out.append(c);
            } else {
                out.append('+').append(String.format(Locale.ROOT, "%02X", (int) c));
            }
        }
        return out.toString();
    }

    private static boolean isAscii(String text) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(text);
    }
}
