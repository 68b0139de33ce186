package posthaste.outbound.smtp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
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

    private final Envelope envelope;
    private final long messageLength;
    private final Extensions offered;

    MailCommands(Envelope envelope, long messageLength, Extensions offered) {
        this.envelope = envelope;
        this.messageLength = messageLength;
        this.offered = offered;
    }

    /** Whether this next hop cannot take the mail at all. */
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
                && address.needsSmtpUtf8()) {
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
        return !offered.smtpUtf8() && recipient.address().needsSmtpUtf8()
                ? Optional.of(
                        new Trouble.Unfit(
                                Stage.RCPT,
                                NO_SMTPUTF8,
                                "does not offer SMTPUTF8, which the address needs"))
                : Optional.empty();
    }

    /** MAIL for these recipients (RFC 5321 section 4.1.1.2). */
    String mail(List<Recipient> to) {
        StringBuilder command = new StringBuilder(120);
        command.append("MAIL FROM:<").append(envelope.reversePath()).append('>');
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
            envelope.envid().ifPresent(envid -> command.append(" ENVID=").append(xtext(envid)));
        }
        return command.toString();
    }

    /** RCPT (RFC 5321 section 4.1.1.3). */
    String rcpt(Recipient recipient) {
        StringBuilder command = new StringBuilder(80);
        command.append("RCPT TO:<").append(recipient.address()).append('>');
        if (offered.dsn()) {
            if (recipient.notification().isGiven()) {
                command.append(" NOTIFY=").append(words(recipient.notification()));
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
