package posthaste.bounce.dsn;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.record.Notice;

/**
 * The part for machines: message/delivery-status (RFC 3464 section 2), or, when the client gave
 * SMTPUTF8 and ASCII does not do, message/global-delivery-status (RFC 6533 section 4).
 */
final class DeliveryStatus {
    /** RFC 5322 section 3.3, in UTC. */
    static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    /** RFC 3461 section 4.4: 100 characters; here some more, since it goes back unchanged. */
    private static final int ENVID_LIMIT = 500;

    private final boolean international;
    private final Lines fields = new Lines();

    private DeliveryStatus(boolean international) {
        this.international = international;
    }

    /** The fields of one message and of the recipients in question. */
    static DeliveryStatus of(Notice notice, List<Notice.Entry> entries, Reporter reporter) {
        Envelope envelope = notice.envelope().envelope();
        DeliveryStatus status =
                new DeliveryStatus(envelope.smtpUtf8() && takesUtf8(envelope, entries));
        status.describeMessage(envelope, reporter);
        for (Notice.Entry entry : entries) {
            status.describeRecipient(
                    envelope.recipients().get(entry.recipient()), entry, notice.decidedAt());
        }
        return status;
    }

    static String date(Instant at) {
        return DATE.format(at);
    }

    /** The media type of the part. */
    String type() {
        return "message/" + reportType();
    }

    /** The same as the whole report names it: RFC 6522 section 3. */
    String reportType() {
        return international ? "global-delivery-status" : "delivery-status";
    }

    byte[] octets() {
        return fields.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void describeMessage(Envelope envelope, Reporter reporter) {
        envelope.envid()
                .ifPresent(id ->
                        fields.field("Original-Envelope-Id", text(Inert.line(id, ENVID_LIMIT))));
        fields.field("Reporting-MTA", "dns; " + reporter.mta());
        fields.field("Arrival-Date", date(envelope.acceptedAt()));
        envelope.handling()
                .deliverBy()
                .ifPresent(by -> fields.field("Deliver-By-Date", date(by.deadline())));
        if (envelope.handling().firstStop() instanceof FirstStop.Hold(Instant until)) {
            // RFC 4865 section 5.1.2; we keep when it ends, also of what was asked for as "for".
            fields.field("Future-Release-Request", "until;" + until.truncatedTo(SECONDS));
        }
    }

    private void describeRecipient(Recipient recipient, Notice.Entry entry, Instant attemptedAt) {
        fields.blank();
        recipient
                .orcpt()
                .flatMap(TypedAddress::ofOrcpt)
                .ifPresent(original -> fields.field("Original-Recipient", text(original)));
        fields.field("Final-Recipient", text(TypedAddress.of(recipient.address())));
        fields.field("Action", action(entry.action()));
        fields.field("Status", entry.status().toString());
        if (!entry.remoteHost().isBlank()) {
            fields.field("Remote-MTA", "dns; " + text(domain(entry.remoteHost())));
        }
        fields.field("Diagnostic-Code", text(diagnosis(entry)));
        fields.field("Last-Attempt-Date", date(attemptedAt));
        entry.willRetryUntil()
                .filter(_ -> entry.action() == Notice.Action.DELAYED)
                .ifPresent(until -> fields.field("Will-Retry-Until", date(until)));
    }

    /** RFC 3464 section 2.1.2: a host without a name is an address literal. */
    private static String domain(String host) {
        try {
            InetAddress address = InetAddress.ofLiteral(host);
            return address instanceof Inet6Address ? "[IPv6:" + host + "]" : "[" + host + "]";
        } catch (IllegalArgumentException _) {
            return host;
        }
    }

    /** RFC 3464 section 2.3.3: what has expired has failed. */
    private static String action(Notice.Action action) {
        return switch (action) {
            case FAILED, EXPIRED -> "failed";
            case DELAYED -> "delayed";
            case RELAYED -> "relayed";
        };
    }

    /**
     * What the remote host said; else what we say, of a type of our own (RFC 3464 section 2.1.1).
     */
    private static String diagnosis(Notice.Entry entry) {
        return entry.reply()
                .map(reply -> "smtp; " + reply)
                .orElseGet(() -> "X-Posthaste; " + entry.reason());
    }

    private String text(String value) {
        return international ? value : Inert.ascii(value);
    }

    private String text(TypedAddress address) {
        return international ? address.inUtf8() : address.inAscii();
    }

    private static boolean takesUtf8(Envelope envelope, List<Notice.Entry> entries) {
        return entries.stream()
                .anyMatch(entry ->
                        takesUtf8(envelope.recipients().get(entry.recipient()))
                                || !Inert.isAscii(diagnosis(entry)));
    }

    private static boolean takesUtf8(Recipient recipient) {
        Function<TypedAddress, Boolean> needed = address -> !address.isAscii();
        Optional<TypedAddress> original = recipient.orcpt().flatMap(TypedAddress::ofOrcpt);
        return recipient.address().needsSmtpUtf8() || original.map(needed).orElse(false);
    }
}
