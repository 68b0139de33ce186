package posthaste.standalone.recovery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.inventory.BodyInventory;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.SegmentItem;
import posthaste.bounce.audit.QueueTopics;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.LogRecovery;
import posthaste.bounce.deliverylog.LogRecovery.Standings;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.mail.envelope.MailId;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Topics;
import posthaste.mail.record.UnreadableRecordException;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueUnavailableException;
import posthaste.standalone.recovery.MailClues.Verdict;
import posthaste.standalone.spill.Buckets;

/**
 * Rebuilds the queue, in two passes. The first reads every object of the store, and what stands in
 * queues and is open in the log, into buckets by mail id. The second takes one bucket after
 * another, asks the log how its mails stand, and queues whoever has no end: from the first attempt
 * on, since how many there were went with the queue.
 */
public final class QueueRecovery {
    private static final int ASKED_AT_ONCE = 1000;
    private static final int NAMED = 100;

    private final BodyInventory inventory;
    private final QueueScanner scanner;
    private final QueueTopics topics;
    private final Optional<Log> log;

    /** What is asked of the delivery log. */
    public record Log(LogAccounts accounts, LogRecovery recovery) {}

    /**
     * Takes what a queue is rebuilt from.
     *
     * @param log empty when it is lost too: then nothing counts as settled
     */
    public QueueRecovery(
            BodyInventory inventory, QueueScanner scanner, QueueTopics topics, Optional<Log> log) {
        this.inventory = inventory;
        this.scanner = scanner;
        this.topics = topics;
        this.log = log;
    }

    /** Whether any topic that holds mail has ever held a record. */
    public boolean queueIsInUse() throws QueueUnavailableException, InterruptedException {
        for (QueueTopics.Queue queue : topics.queuesWithReports()) {
            for (String topic : queue.topics()) {
                if (scanner.ends(topic).stream().anyMatch(end -> end > 0)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Rebuilds. No service may run meanwhile. What stands in a queue already is not queued again,
     * so that a recovery that was broken off can be repeated.
     *
     * @param requeuing empty: only counts what would be done
     * @throws UnknownStreamException before anything was written
     */
    public RecoveryReport run(Optional<Requeuing> requeuing)
            throws IOException,
                    InterruptedException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    StoreUnavailableException,
                    LogUnavailableException,
                    UnknownStreamException {
        try (Buckets clues = new Buckets()) {
            Tally tally = new Tally();
            readObjects(clues, tally);
            readQueues(clues);
            if (log.isPresent()) {
                log.get()
                        .accounts()
                        .read(open ->
                                clues.add(open.mailId(), new Clue.Open(open.address()).encode()));
                if (requeuing.isPresent()) {
                    log.get().recovery().forgetOffsets();
                }
            }
            for (int bucket = 0; bucket < clues.count(); bucket++) {
                Map<String, MailClues> mails = new LinkedHashMap<>();
                clues.read(
                        bucket,
                        (mailId, clue) ->
                                mails.computeIfAbsent(mailId, MailClues::new)
                                        .add(Clue.decode(clue)));
                judge(mails, requeuing, tally);
            }
            return tally.report(requeuing.isEmpty());
        }
    }

    private void readObjects(Buckets clues, Tally tally)
            throws IOException,
                    InterruptedException,
                    StoreUnavailableException,
                    UnknownStreamException {
        Set<String> unknownStreams = new TreeSet<>();
        // Listed before anything is written: copies that are made later are not read again.
        try (Buckets listing = new Buckets()) {
            inventory.visit(object -> listing.add(object.key().toString(), new byte[0]));
            for (int bucket = 0; bucket < listing.count(); bucket++) {
                List<String> keys = new ArrayList<>();
                listing.read(bucket, (key, _) -> keys.add(key));
                for (String key : keys) {
                    tally.objects++;
                    try {
                        inventory.read(
                                BodyKey.parse(key),
                                item -> note(key, item, clues, tally, unknownStreams));
                    } catch (MissingBodyException e) {
                        throw new StoreUnavailableException(
                                "somebody removes bodies: stop all services", e);
                    }
                }
            }
        }
        if (!unknownStreams.isEmpty()) {
            throw new UnknownStreamException(unknownStreams);
        }
    }

    private void note(
            String key, SegmentItem item, Buckets clues, Tally tally, Set<String> unknownStreams) {
        switch (item) {
            case SegmentItem.Damage(long start, long end) -> tally.damagedBytes += end - start;
            case SegmentItem.Entry entry -> {
                tally.entries++;
                BodyRef body = new BodyRef(key, entry.offset(), entry.length(), entry.crc32c());
                Clue.Entry found = new Clue.Entry(body, entry.envelope(), entry.intact());
                boolean isReadable = MailId.isValid(entry.mailId());
                if (isReadable) {
                    try {
                        String topic =
                                Topics.accepting(
                                        EncodedEnvelope.read(found.envelopeBytes())
                                                .envelope()
                                                .stream());
                        if (!topics.outbound().contains(topic) && !topic.equals(Topics.INBOUND)) {
                            unknownStreams.add(topic);
                        }
                    } catch (UnreadableRecordException _) {
                        isReadable = false;
                    }
                }
                if (!isReadable || !entry.intact()) {
                    tally.damagedEntries++;
                }
                if (MailId.isValid(entry.mailId())) {
                    clues.add(entry.mailId(), (isReadable ? found : found.damaged()).encode());
                }
            }
        }
    }

    private void readQueues(Buckets clues) throws QueueUnavailableException, InterruptedException {
        for (QueueTopics.Queue queue : topics.queuesWithReports()) {
            scanner.scan(
                    queue.group(),
                    queue.topics(),
                    record ->
                            QueuedAddresses.of(record.content())
                                    .forEach(address ->
                                            clues.add(
                                                    record.content().mailId().value(),
                                                    new Clue.Queued(address).encode())));
        }
    }

    private void judge(Map<String, MailClues> mails, Optional<Requeuing> requeuing, Tally tally)
            throws InterruptedException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    StoreUnavailableException,
                    LogUnavailableException {
        List<Map.Entry<String, MailClues>> all = List.copyOf(mails.entrySet());
        for (int from = 0; from < all.size(); from += ASKED_AT_ONCE) {
            List<Map.Entry<String, MailClues>> some =
                    all.subList(from, Math.min(all.size(), from + ASKED_AT_ONCE));
            List<MailId> ids = some.stream().map(mail -> new MailId(mail.getKey())).toList();
            Standings standings =
                    log.isPresent() ? log.get().recovery().standings(ids) : Standings.none();
            List<MailClues.Part> parts = new ArrayList<>();
            for (Map.Entry<String, MailClues> mail : some) {
                Verdict verdict = mail.getValue().judge(standings);
                tally.add(new MailId(mail.getKey()), verdict);
                parts.addAll(verdict.parts());
            }
            tally.records += parts.size();
            if (requeuing.isPresent()) {
                for (MailClues.Part part : requeuing.get().requeue(parts)) {
                    tally.lostLater(part);
                }
            }
        }
    }

    /** The counts of one run. */
    private static final class Tally {
        private final List<RecoveryReport.Lost> lostIds = new ArrayList<>();
        private long objects;
        private long entries;
        private long damagedEntries;
        private long damagedBytes;
        private long records;
        private long resent;
        private long unknown;
        private long settled;
        private long queued;
        private long lost;

        void add(MailId id, Verdict verdict) {
            resent += verdict.open();
            unknown += verdict.unknown();
            settled += verdict.settled();
            queued += verdict.queued();
            verdict.lost().forEach(address -> lose(id, address));
        }

        /** Its body was intact a moment ago. */
        void lostLater(MailClues.Part part) {
            records--;
            part.envelope()
                    .envelope()
                    .recipients()
                    .forEach(recipient ->
                            lose(part.envelope().envelope().id(), recipient.address().toString()));
        }

        RecoveryReport report(boolean dryRun) {
            return new RecoveryReport(
                    dryRun,
                    objects,
                    entries,
                    damagedEntries,
                    damagedBytes,
                    records,
                    resent,
                    unknown,
                    settled,
                    queued,
                    lost,
                    lostIds);
        }

        private void lose(MailId id, String address) {
            lost++;
            if (lostIds.size() < NAMED) {
                lostIds.add(new RecoveryReport.Lost(id.value(), address));
            }
        }
    }
}
