package posthaste.acceptance.chaos;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the clients sent, and what they were told of it. */
final class ClientLedger implements AutoCloseable {
    /** What a client was told of a mail. */
    enum Outcome {
        /** {@code 250} to the final dot. */
        OK,
        /** Refused, or cut off before the final dot was on its way. */
        FAIL,
        /** {@code 451 4.3.2}: Posthaste itself says that it does not know. */
        UNKNOWN,
        /** The connection was lost after the final dot: it may have been accepted or not. */
        INFO
    }

    /**
     * One mail.
     *
     * @param digest of the message as it was sent
     * @param begun when its first byte went out, in nanoseconds of the run
     * @param at when the outcome was there
     */
    record Entry(long number, String digest, long begun, Outcome outcome, long at, String reply) {
        static Entry begun(long number, String digest, long at) {
            return new Entry(number, digest, at, Outcome.INFO, at, "");
        }

        Entry ended(Outcome outcome, long at, String reply) {
            return new Entry(number, digest, begun, outcome, at, reply);
        }
    }

    private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
    private final RunClock clock;
    private final Journal journal;

    private ClientLedger(RunClock clock, Journal journal) {
        this.clock = clock;
        this.journal = journal;
    }

    static ClientLedger at(Path file, RunClock clock) {
        return new ClientLedger(clock, Journal.at(file));
    }

    /** Noted before the first byte goes out. */
    void begin(long number, String digest) {
        long at = clock.now();
        entries.put(number, Entry.begun(number, digest, at));
        journal.note("begin", at, number, digest);
    }

    void end(long number, Outcome outcome, String reply) {
        long at = clock.now();
        entries.computeIfPresent(number, (_, entry) -> entry.ended(outcome, at, reply));
        journal.note("end", at, number, outcome, reply);
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    /** The longest that a client waited for its {@code 250} in a time; 0 where none got any. */
    long slowest(long from, long to) {
        return entries.values().stream()
                .filter(entry ->
                        entry.outcome() == Outcome.OK && entry.at() >= from && entry.at() <= to)
                .mapToLong(entry -> entry.at() - entry.begun())
                .max()
                .orElse(0);
    }

    long count(Outcome outcome) {
        return entries.values().stream().filter(entry -> entry.outcome() == outcome).count();
    }

    /** Reads the entries of a run back; what was begun and not ended is {@link Outcome#INFO}. */
    static Collection<Entry> read(Path file) {
        Map<Long, Entry> entries = new ConcurrentHashMap<>();
        Journal.read(
                file,
                fields -> {
                    long at = Long.parseLong(fields.get(1));
                    long number = Long.parseLong(fields.get(2));
                    if (fields.getFirst().equals("begin")) {
                        entries.put(number, Entry.begun(number, fields.get(3), at));
                    } else {
                        Outcome outcome = Outcome.valueOf(fields.get(3));
                        entries.computeIfPresent(
                                number, (_, entry) -> entry.ended(outcome, at, fields.get(4)));
                    }
                });
        return entries.values();
    }

    @Override
    public void close() {
        journal.close();
    }
}
