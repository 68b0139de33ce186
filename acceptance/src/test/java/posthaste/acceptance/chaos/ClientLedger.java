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
     * @param at when the outcome was there, in nanoseconds of the run
     */
    record Entry(long number, String digest, Outcome outcome, long at, String reply) {}

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
        entries.put(number, new Entry(number, digest, Outcome.INFO, at, ""));
        journal.note("begin", at, number, digest);
    }

    void end(long number, Outcome outcome, String reply) {
        long at = clock.now();
        entries.computeIfPresent(
                number, (_, entry) -> new Entry(number, entry.digest(), outcome, at, reply));
        journal.note("end", at, number, outcome, reply);
    }

    Collection<Entry> entries() {
        return entries.values();
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
                        entries.put(number, new Entry(number, fields.get(3), Outcome.INFO, at, ""));
                    } else {
                        Outcome outcome = Outcome.valueOf(fields.get(3));
                        String digest = entries.get(number).digest();
                        entries.put(number, new Entry(number, digest, outcome, at, fields.get(4)));
                    }
                });
        return entries.values();
    }

    @Override
    public void close() {
        journal.close();
    }
}
