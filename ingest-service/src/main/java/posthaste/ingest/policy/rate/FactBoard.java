package posthaste.ingest.policy.rate;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import posthaste.queue.control.Fact;
import posthaste.queue.control.SharedFacts;

/** Tells usage as facts that every process of the installation hears. */
public final class FactBoard implements UsageBoard {
    private static final String KIND = "usage";
    private static final char BETWEEN = '\t';

    private final SharedFacts facts;

    /**
     * Takes facts that are not read yet.
     *
     * @param facts of this process
     */
    public FactBoard(SharedFacts facts) {
        this.facts = facts;
    }

    @Override
    public void tell(Usage usage, Instant until) {
        facts.tell(
                new Fact(
                        KIND,
                        usage.account() + BETWEEN + usage.instance(),
                        usage.content(),
                        until));
    }

    @Override
    public void listen(Consumer<Usage> listener) {
        facts.listen(KIND, fact -> usage(fact).ifPresent(listener));
    }

    private static Optional<Usage> usage(Fact fact) {
        int end = fact.key().lastIndexOf(BETWEEN);
        return end < 0
                ? Optional.empty()
                : Usage.read(
                        fact.key().substring(0, end),
                        fact.key().substring(end + 1),
                        fact.content());
    }
}
