package posthaste.bounce.salvage;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.body.Generation;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.inventory.BodyInventory;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.SegmentItem;
import posthaste.mail.envelope.MailId;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.UnreadableRecordException;

/**
 * Finds a mail's message among the segments. Neither topics nor log can be asked: the record that
 * was lost is the only one that named the place, and the log does not keep it. But a segment's
 * entry bears the mail's id and envelope, and segments are named by the time at which they were
 * written.
 */
final class StoredMessages {
    private static final Logger LOG = LoggerFactory.getLogger(StoredMessages.class);

    /** How far the start of its slot may lie from the time at which a mail was accepted. */
    private static final Duration BEFORE = Duration.ofHours(2);

    private static final Duration AFTER = Duration.ofHours(2);

    private final BodyInventory inventory;

    StoredMessages(BodyInventory inventory) {
        this.inventory = inventory;
    }

    /**
     * Reads segments until everybody has a message, those first that were written when the mail
     * came in.
     *
     * @return one or more of them; fewer when some are gone
     */
    List<Piece> find(MailId id, Collection<String> addresses)
            throws StoreUnavailableException, InterruptedException {
        Set<String> wanted = new HashSet<>(addresses);
        List<Piece> pieces = new ArrayList<>();
        for (BodyKey key : candidates(id.acceptedAt())) {
            if (wanted.isEmpty()) {
                break;
            }
            for (Piece piece : read(key, id)) {
                if (wanted.removeAll(piece.addresses())) {
                    pieces.add(piece);
                }
            }
        }
        return pieces;
    }

    private List<BodyKey> candidates(Instant acceptedAt)
            throws StoreUnavailableException, InterruptedException {
        Instant first = acceptedAt.minus(BEFORE);
        List<BodyKey> keys = new ArrayList<>();
        inventory.visit(object -> {
            if (!object.key().slot().start().isBefore(first)) {
                keys.add(object.key());
            }
        });
        Instant last = acceptedAt.plus(AFTER);
        keys.sort(
                Comparator.comparing((BodyKey key) -> !isFresh(key, last))
                        .thenComparing(
                                key -> Duration.between(acceptedAt, key.slot().start()).abs()));
        return keys;
    }

    /** As it was written when it came in. */
    private static boolean isFresh(BodyKey key, Instant last) {
        return key.generation().equals(Generation.PRIMARY) && !key.slot().start().isAfter(last);
    }

    private List<Piece> read(BodyKey key, MailId id)
            throws StoreUnavailableException, InterruptedException {
        List<Piece> pieces = new ArrayList<>();
        try {
            inventory.read(
                    key,
                    item -> {
                        if (item instanceof SegmentItem.Entry entry
                                && entry.intact()
                                && entry.mailId().equals(id.value())) {
                            add(pieces, key, entry);
                        }
                    });
        } catch (MissingBodyException e) {
            LOG.debug("{} went while it was to be read", key, e);
        }
        return pieces;
    }

    private static void add(List<Piece> pieces, BodyKey key, SegmentItem.Entry entry) {
        ByteBuffer bytes = entry.envelope().duplicate();
        byte[] envelope = new byte[bytes.remaining()];
        bytes.get(envelope);
        try {
            pieces.add(
                    new Piece(
                            EncodedEnvelope.read(envelope),
                            new BodyRef(
                                    key.toString(),
                                    entry.offset(),
                                    entry.length(),
                                    entry.crc32c())));
        } catch (UnreadableRecordException e) {
            LOG.warn("an envelope of mail {} in {} cannot be read", entry.mailId(), key, e);
        }
    }
}
