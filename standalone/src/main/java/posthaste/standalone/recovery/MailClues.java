package posthaste.standalone.recovery;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import posthaste.bounce.deliverylog.LogRecovery.Standings;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.UnreadableRecordException;

/**
 * All clues of one mail. The same mail may stand in several entries: as accepted in {@code
 * primary/}, and in {@code deferred/} once for each job that was deferred, there with that job's
 * recipients alone.
 */
final class MailClues {
    private final String mailId;
    private final List<Clue.Entry> entries = new ArrayList<>();
    private final Set<String> queued = new HashSet<>();
    private final Set<String> open = new TreeSet<>();

    MailClues(String mailId) {
        this.mailId = mailId;
    }

    void add(Clue clue) {
        switch (clue) {
            case Clue.Entry entry -> entries.add(entry);
            case Clue.Queued(String address) -> queued.add(address);
            case Clue.Open(String address) -> open.add(address);
        }
    }

    /** Recipients who are to be sent a body. */
    record Part(EncodedEnvelope envelope, BodyRef body) {}

    /**
     * What is to become of a mail, in recipients but for {@code parts}.
     *
     * @param parts what is to be queued
     * @param open whom the log knows as open, and who are in {@code parts}
     * @param unknown whom the log does not know, and who are in {@code parts}
     * @param lost open or unknown, without an intact body
     */
    record Verdict(
            List<Part> parts, int open, int unknown, int settled, int queued, Set<String> lost) {}

    /** Judges. */
    Verdict judge(Standings log) {
        Map<BodyRef, EncodedEnvelope> envelopes = new LinkedHashMap<>();
        Map<String, BodyRef> bodies = new LinkedHashMap<>();
        Map<String, Recipient> recipients = new LinkedHashMap<>();
        Set<String> named = new TreeSet<>(open);
        // The youngest body last, so that it is the one: it stays for longest.
        entries.sort(
                Comparator.comparing((Clue.Entry entry) -> slot(entry.body()))
                        .thenComparingLong(entry -> entry.body().offset()));
        for (Clue.Entry entry : entries) {
            EncodedEnvelope envelope;
            try {
                envelope = EncodedEnvelope.read(entry.envelopeBytes());
            } catch (UnreadableRecordException _) {
                // Whoever is open in the log, and in no other entry, is lost with it.
                continue;
            }
            envelopes.put(entry.body(), envelope);
            for (Recipient recipient : envelope.envelope().recipients()) {
                String address = recipient.address().toString();
                named.add(address);
                if (entry.isIntact()) {
                    bodies.put(address, entry.body());
                    recipients.put(address, recipient);
                }
            }
        }
        int knownOpen = 0;
        int unknown = 0;
        int settled = 0;
        int inQueue = 0;
        Set<String> lost = new TreeSet<>();
        Map<BodyRef, List<Recipient>> parts = new LinkedHashMap<>();
        for (String address : named) {
            BodyRef body = bodies.get(address);
            Recipient recipient = recipients.get(address);
            if (log.isSettled(mailId, address)) {
                settled++;
            } else if (queued.contains(address)) {
                inQueue++;
            } else if (body == null || recipient == null) {
                lost.add(address);
            } else {
                parts.computeIfAbsent(body, _ -> new ArrayList<>()).add(recipient);
                if (log.knows(mailId, address)) {
                    knownOpen++;
                } else {
                    unknown++;
                }
            }
        }
        return new Verdict(parts(parts, envelopes), knownOpen, unknown, settled, inQueue, lost);
    }

    private static List<Part> parts(
            Map<BodyRef, List<Recipient>> parts, Map<BodyRef, EncodedEnvelope> envelopes) {
        List<Part> made = new ArrayList<>();
        envelopes.forEach((body, envelope) -> {
            List<Recipient> some = parts.get(body);
            if (some != null) {
                made.add(
                        new Part(
                                some.size() == envelope.envelope().recipients().size()
                                        ? envelope
                                        : EncodedEnvelope.of(envelope.envelope().to(some)),
                                body));
            }
        });
        return made;
    }

    /** Behind the generation: the time, then the name. */
    private static String slot(BodyRef body) {
        String[] parts = body.key().split("/", -1);
        return parts[parts.length - 2];
    }
}
