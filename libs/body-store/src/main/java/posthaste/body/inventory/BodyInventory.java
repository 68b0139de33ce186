package posthaste.body.inventory;

import java.time.Instant;
import java.util.Collection;
import java.util.function.Consumer;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.SegmentItem;

/**
 * Lists, reads and removes whole objects of a store. Every store implements it beside {@link
 * posthaste.body.BodyStore}.
 */
public interface BodyInventory {

    /**
     * Visits every object, open ones among them, while the store is listed: memory does not grow
     * with the number of objects. What bears no key of ours is passed over.
     *
     * @throws StoreUnavailableException when some of it cannot be listed; the visitor may have seen
     *     a part by then
     */
    void visit(Consumer<StoredObject> visitor)
            throws StoreUnavailableException, InterruptedException;

    /**
     * Reads an object from front to back, bodies included, and says what stands in it.
     *
     * @throws MissingBodyException when it is confirmed not to be there
     */
    void read(BodyKey key, Consumer<SegmentItem> items)
            throws MissingBodyException, StoreUnavailableException, InterruptedException;

    /**
     * Removes objects; one that is gone already is no error. Whoever calls has proved that no
     * record needs them. What belongs to a slot that is not past, or is still being written to, is
     * refused and stays.
     *
     * @throws StoreUnavailableException when some may still be there; the others are gone
     */
    void delete(Collection<BodyKey> keys) throws StoreUnavailableException, InterruptedException;

    /**
     * Removes large bodies that were begun, never committed, and not written to since {@code
     * limit}: what a process that died has left. They have no keys yet.
     *
     * @return how many
     * @throws StoreUnavailableException when some may still be there
     */
    int deleteUnfinished(Instant limit) throws StoreUnavailableException, InterruptedException;
}
