package posthaste.bounce.returned;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.bounce.deliverylog.LoggedOriginals.Original;
import posthaste.bounce.inbound.ReportedRecipient;
import posthaste.bounce.inbound.parse.ReportKind;
import posthaste.bounce.inbound.rules.BounceClass;
import posthaste.bounce.returned.Matched.Told;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Event;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;
import posthaste.queue.Settlement;

/** Step 5: the records that a report leads to, all of them durable before it is settled. */
final class SettleReport {
    private static final Logger LOG = LoggerFactory.getLogger(SettleReport.class);
    private static final Pattern REPLY = Pattern.compile("([245]\\d\\d)(?: (.*))?");

    private final ReportMetrics metrics;

    SettleReport(ReportMetrics metrics) {
        this.metrics = metrics;
    }

    Settlement settle(Forwarded forwarded) {
        Matched matched = forwarded.matched();
        Map<Original, List<Event.Entry>> byMail = new LinkedHashMap<>();
        for (Told told : matched.told()) {
            byMail.computeIfAbsent(told.mail(), _ -> new ArrayList<>())
                    .add(entry(matched.report(), told));
        }
        Envelope envelope = matched.report().envelope();
        List<OutgoingRecord> records = new ArrayList<>();
        byMail.forEach((mail, entries) -> {
            Event event = new Event(mail.id(), envelope.acceptedAt(), Optional.empty(), entries);
            records.add(OutgoingRecord.of(event.inStream(new Stream(mail.stream()))));
        });
        if (matched.told().isEmpty()) {
            LOG.info(
                    "report {} from {} to {} is about no mail that is known",
                    envelope.id(),
                    envelope.client().address(),
                    envelope.recipients().getFirst().address());
        }
        records.addAll(forwarded.mails());
        metrics.settled(matched);
        return Settlement.of(records);
    }

    private static Event.Entry entry(Report report, Told told) {
        ReportedRecipient finding = told.finding();
        Event.Kind kind = kind(report, finding);
        Optional<Reply> reply = reply(finding.reply());
        return new Event.Entry(
                told.recipient(),
                kind,
                status(kind, finding, reply),
                reply,
                reason(report, told, kind, reply),
                Optional.empty(),
                false,
                Optional.of(report.envelope().id()));
    }

    static Event.Kind kind(Report report, ReportedRecipient finding) {
        return switch (finding.kind()) {
            case BOUNCE -> report.isDelayOnly() ? Event.Kind.DELAY_REPORTED : Event.Kind.RETURNED;
            case COMPLAINT -> Event.Kind.COMPLAINED;
            case AUTOREPLY -> Event.Kind.REPLIED;
            case DELIVERED -> Event.Kind.CONFIRMED;
            case NONE ->
                    finding.bounceClass() == BounceClass.AUTOREPLY
                            ? Event.Kind.REPLIED
                            : Event.Kind.RETURNED;
        };
    }

    private static EnhancedStatusCode status(
            Event.Kind kind, ReportedRecipient finding, Optional<Reply> reply) {
        if (finding.status().isPresent()) {
            Optional<EnhancedStatusCode> told =
                    EnhancedStatusCode.leading(finding.status().get().strip());
            if (told.isPresent()) {
                return told.get();
            }
        }
        return reply.map(Reply::status)
                .orElseGet(() ->
                        switch (kind) {
                            case RETURNED -> new EnhancedStatusCode(5, 0, 0);
                            case DELAY_REPORTED -> new EnhancedStatusCode(4, 0, 0);
                            default -> new EnhancedStatusCode(2, 0, 0);
                        });
    }

    private static Optional<Reply> reply(String said) {
        Matcher reply = REPLY.matcher(said);
        return reply.matches()
                ? Optional.of(
                        new Reply(
                                Integer.parseInt(reply.group(1)),
                                Optional.ofNullable(reply.group(2)).orElse("")))
                : Optional.empty();
    }

    private static String reason(Report report, Told told, Event.Kind kind, Optional<Reply> reply) {
        String what =
                switch (kind) {
                    case RETURNED ->
                            told.finding().kind() == ReportKind.NONE
                                    ? "something came back that cannot be made out"
                                    : "a bounce came back";
                    case DELAY_REPORTED -> "a delay was reported";
                    case COMPLAINED -> "a complaint came back";
                    case REPLIED -> "an automatic answer came back";
                    case CONFIRMED -> "the delivery was confirmed";
                    default -> throw new IllegalStateException("no report tells " + kind);
                };
        String from = " from " + report.envelope().client().address();
        String unproved =
                told.isProved() ? "" : ", which no return address of ours proves to be genuine";
        String said = told.finding().reply();
        String words = reply.isEmpty() && !said.isBlank() ? ": " + said : "";
        return new Reply(200, what + from + unproved + words).text();
    }
}
