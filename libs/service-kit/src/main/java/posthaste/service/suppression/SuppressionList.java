package posthaste.service.suppression;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.envelope.Stream;
import posthaste.queue.control.Fact;
import posthaste.queue.control.FactListener;

/**
 * The list as a process holds it: whole, in memory, each entry as a fingerprint with what a reply
 * has to say of it. Kept by the facts of the topic; an entry that expires needs nobody to take it
 * out.
 */
public final class SuppressionList implements FactListener {
    private final InstantSource clock;
    private final FingerprintTable table;
    private final LongAdder unreadable = new LongAdder();

    /**
     * Why an address gets no mail.
     *
     * @param since to the minute
     */
    public record Hit(SuppressionClass suppressionClass, Instant since) {}

    /**
     * What is counted of an address so far, in force or not.
     *
     * @param since to the minute
     */
    public record Tally(
            SuppressionClass suppressionClass, boolean inForce, int count, Instant since) {}

    /** Begins empty. */
    public SuppressionList(InstantSource clock) {
        this.clock = clock;
        this.table = new FingerprintTable(value -> Verdict.isExpired(value, clock.instant()));
    }

    @Override
    public void told(Fact fact) {
        SuppressionCodec.read(fact).ifPresentOrElse(this::note, unreadable::increment);
    }

    private void note(SuppressionCodec.Said said) {
        Fingerprint fingerprint = Fingerprint.of(said.key().toString());
        switch (said) {
            case SuppressionCodec.Said.Listed(Suppression entry) ->
                    table.put(fingerprint, Verdict.of(entry).packed());
            case SuppressionCodec.Said.Removed _ -> table.remove(fingerprint);
        }
    }

    /** Whether an address gets no mail of a stream; the stream's own entry is told before all's. */
    public Optional<Hit> find(Stream stream, EmailAddress address) {
        String normalised = SuppressionKey.normalised(address);
        return hit(new SuppressionKey(Optional.of(stream), normalised))
                .or(() -> hit(new SuppressionKey(Optional.empty(), normalised)));
    }

    /** What there is under a key. */
    public Optional<Tally> tally(SuppressionKey key) {
        return verdict(key)
                .map(v -> new Tally(v.suppressionClass(), v.inForce(), v.count(), v.since()));
    }

    private Optional<Hit> hit(SuppressionKey key) {
        return verdict(key)
                .filter(Verdict::inForce)
                .map(v -> new Hit(v.suppressionClass(), v.since()));
    }

    private Optional<Verdict> verdict(SuppressionKey key) {
        long packed = table.get(Fingerprint.of(key.toString()));
        return packed == 0 || Verdict.isExpired(packed, clock.instant())
                ? Optional.empty()
                : Optional.of(Verdict.unpacked(packed));
    }

    /** Entries in memory; some may have expired. */
    public long size() {
        return table.size();
    }

    /** Octets of memory that they take. */
    public long octets() {
        return table.octets();
    }

    /** Facts of the topic that are no entries of a version that we know. */
    public long unreadable() {
        return unreadable.sum();
    }
}
