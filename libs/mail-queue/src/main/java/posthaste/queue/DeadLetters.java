package posthaste.queue;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The records that could never be handled (DESIGN 3, invariant 10). Nothing settles them but an
 * operator's word: until then they count as queued, and their bodies stay.
 */
public interface DeadLetters {

    /**
     * Visits those that nobody has put back yet.
     *
     * @throws QueueUnavailableException when they cannot be read; the visitor may have seen a part
     */
    void list(Consumer<DeadLetter> visitor) throws QueueUnavailableException, InterruptedException;

    /**
     * Puts dead letters back where they came from: each is written to its topic again, its body
     * first copied to where that topic's bodies are kept, and only then settled here. A process
     * that dies in between leaves a letter that is put back again, and so may be delivered twice.
     * One that stands here several times, as when two groups could not read it, is put back once in
     * a call.
     *
     * @param which of them
     * @param told what became of each of those
     * @throws QueueUnavailableException when the broker is away, or somebody else puts letters back
     *     at the same time; those that were told of are done
     * @throws PartUnavailableException when the body store is away; likewise
     */
    void putBack(Predicate<DeadLetter> which, BiConsumer<DeadLetter, DeadLetter.Fate> told)
            throws QueueUnavailableException, PartUnavailableException, InterruptedException;
}
