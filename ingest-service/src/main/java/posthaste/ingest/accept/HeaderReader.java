package posthaste.ingest.accept;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.MemoryBudget;
import posthaste.ingest.message.MessageHeader;
import posthaste.ingest.message.MessageHeader.End;
import posthaste.ingest.policy.HeaderLimits;

/**
 * Gathers a header while it streams in, within its limits and in memory of the budget. Whatever is
 * no header field ends the header, as an empty line does.
 */
final class HeaderReader implements AutoCloseable {
    /** A field name that is longer is none: RFC 5322 section 2.1.1 limits a whole line to this. */
    private static final int NAME_LIMIT = 998;

    /** Holds most headers. */
    private static final int FIRST_SIZE = 4096;

    private static final String RECEIVED = "received";

    private enum Place {
        LINE_START,
        NAME,
        AFTER_NAME,
        VALUE,
        /** Behind the CR that begins a line: the header has ended, or the line is no field. */
        EMPTY_LINE,
        BODY
    }

    private final HeaderLimits limits;
    private final MemoryBudget memory;
    private final Duration memoryWait;

    private byte[] octets = new byte[0];
    private int count;
    private long held;

    private Place place = Place.LINE_START;
    private End end = End.END_OF_MESSAGE;
    private int lineStart;
    private int nameLength;
    private int fields;
    private int receivedFields;

    HeaderReader(HeaderLimits limits, MemoryBudget memory, Duration memoryWait) {
        this.limits = limits;
        this.memory = memory;
        this.memoryWait = memoryWait;
    }

    /**
     * Takes octets as long as they may belong to the header.
     *
     * @return how many were taken; fewer than {@code length} only when the header has ended
     * @throws Refusal when the header goes beyond its limits, or there is no memory for it
     */
    int read(byte[] bytes, int offset, int length) {
        int taken = 0;
        while (taken < length && place != Place.BODY) {
            step(bytes[offset + taken]);
            keep(bytes[offset + taken]);
            taken++;
        }
        return taken;
    }

    /** Whether the body has begun. */
    boolean hasEnded() {
        return place == Place.BODY;
    }

    /** No octets follow. */
    void finish() {
        switch (place) {
            case LINE_START, VALUE -> lineStart = count;
            case NAME, AFTER_NAME, EMPTY_LINE -> end = End.NO_FIELD;
            case BODY -> {}
        }
        place = Place.BODY;
    }

    /** What was read, once the header has ended. */
    MessageHeader header() {
        return MessageHeader.of(Arrays.copyOf(octets, lineStart), end);
    }

    /** Octets that were taken and stand behind the fields: an empty line, or a line of the body. */
    byte[] rest() {
        return Arrays.copyOfRange(octets, lineStart, count);
    }

    /** Gives the memory back. */
    @Override
    public void close() {
        if (held > 0) {
            memory.release(held);
            held = 0;
        }
    }

    private void keep(byte b) {
        if (count == octets.length) {
            int larger = count == 0 ? FIRST_SIZE : count * 2;
            try {
                // What grows is copied, and the header is copied once more when it is whole.
                memory.acquire(larger * 2L, memoryWait);
            } catch (BudgetExhaustedException e) {
                throw Refusal.noMemory();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Refusal.notAccepted();
            }
            close();
            held = larger * 2L;
            octets = Arrays.copyOf(octets, larger);
        }
        octets[count++] = b;
    }

    private void step(byte b) {
        if (count >= limits.maxOctets()) {
            throw new Refusal(
                    552, "5.3.4 the header is larger than " + limits.maxOctets() + " octets");
        }
        switch (place) {
            case LINE_START -> beginLine(b);
            case NAME -> readName(b);
            case AFTER_NAME -> {
                if (b == ':') {
                    beginValue();
                } else if (!isBlank(b)) {
                    endWith(End.NO_FIELD);
                }
            }
            case VALUE -> readValue(b);
            case EMPTY_LINE -> endWith(b == '\n' ? End.EMPTY_LINE : End.NO_FIELD);
            case BODY -> {}
        }
    }

    private void beginLine(byte b) {
        if (isBlank(b) && fields > 0) {
            place = Place.VALUE;
            return;
        }
        lineStart = count;
        nameLength = 0;
        if (b == '\r') {
            place = Place.EMPTY_LINE;
        } else if (b == '\n') {
            endWith(End.EMPTY_LINE);
        } else if (isBlank(b)) {
            endWith(End.NO_FIELD);
        } else {
            place = Place.NAME;
            readName(b);
        }
    }

    private void readName(byte b) {
        if (b == ':' && nameLength > 0) {
            beginValue();
        } else if (isBlank(b)) {
            place = Place.AFTER_NAME;
        } else if (b <= ' ' || b > '~' || b == ':' || nameLength == NAME_LIMIT) {
            endWith(End.NO_FIELD);
        } else {
            nameLength++;
        }
    }

    private void beginValue() {
        place = Place.VALUE;
        if (++fields > limits.maxFields()) {
            throw new Refusal(
                    552, "5.3.4 the header has more than " + limits.maxFields() + " fields");
        }
        if (isReceived() && ++receivedFields > limits.maxReceived()) {
            throw new Refusal(
                    554,
                    "5.4.6 more than "
                            + limits.maxReceived()
                            + " Received fields: the mail goes round in a loop");
        }
    }

    private boolean isReceived() {
        return nameLength == RECEIVED.length()
                && new String(octets, lineStart, nameLength, StandardCharsets.US_ASCII)
                        .toLowerCase(Locale.ROOT)
                        .equals(RECEIVED);
    }

    private void readValue(byte b) {
        if (b == '\n') {
            place = Place.LINE_START;
        }
    }

    private void endWith(End how) {
        end = how;
        place = Place.BODY;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
