package posthaste.bounce.dsn;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.record.Notice;
import posthaste.mail.status.Reply;

/**
 * What a text is filled with: docs/bounces.md names its parts. Each text in it is inert.
 *
 * @param mta who reports
 * @param news the gravest action: {@code failed}, {@code expired}, {@code delayed}, {@code relayed}
 * @param groups recipients who fared alike, from grave to harmless
 * @param accepted when the mail was accepted
 * @param id of the mail
 * @param returned what of the message goes back: {@code whole}, {@code header}, {@code
 *     header-beginning}, {@code nothing}
 * @param whyNothing a sentence in English when it is nothing; else empty
 */
public record DsnStory(
        String mta,
        String news,
        List<Group> groups,
        String accepted,
        String id,
        String returned,
        String whyNothing) {
    private static final int LIMIT = 1200;

    /** Recipients who fared alike. */
    public record Group(String action, List<Told> recipients) {}

    /**
     * One recipient.
     *
     * @param reason a sentence in English; empty when none is known
     * @param host who answered; empty when it is not known
     * @param reply the answer; empty when there was none
     * @param status the enhanced status code
     * @param until until when it is tried, of one that is delayed; else empty
     */
    public record Told(
            String address,
            String reason,
            String host,
            String reply,
            String status,
            String until) {}

    static DsnStory of(
            Notice notice,
            List<Notice.Entry> entries,
            Reporter reporter,
            Returned returned,
            Function<Instant, String> date) {
        Envelope envelope = notice.envelope().envelope();
        List<Group> groups = new ArrayList<>();
        for (Notice.Action action : Notice.Action.values()) {
            List<Told> alike =
                    entries.stream()
                            .filter(entry -> entry.action() == action)
                            .map(entry -> told(entry, envelope, date))
                            .toList();
            if (!alike.isEmpty()) {
                groups.add(new Group(word(action), alike));
            }
        }
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("a DSN is about someone");
        }
        return new DsnStory(
                reporter.mta(),
                groups.getFirst().action(),
                groups,
                date.apply(envelope.acceptedAt()),
                envelope.id().toString(),
                switch (returned) {
                    case Returned.Whole _ -> "whole";
                    case Returned.HeaderSection header ->
                            header.cut() ? "header-beginning" : "header";
                    case Returned.Nothing _ -> "nothing";
                },
                returned instanceof Returned.Nothing(String why) ? inert(why) : "");
    }

    private static Told told(
            Notice.Entry entry, Envelope envelope, Function<Instant, String> date) {
        return new Told(
                inert(envelope.recipients().get(entry.recipient()).address().toString()),
                inert(entry.reason()),
                inert(entry.remoteHost()),
                inert(entry.reply().map(Reply::toString).orElse("")),
                entry.status().toString(),
                entry.willRetryUntil()
                        .filter(_ -> entry.action() == Notice.Action.DELAYED)
                        .map(date)
                        .orElse(""));
    }

    private static String word(Notice.Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    private static String inert(String text) {
        return Inert.line(text, LIMIT);
    }
}
