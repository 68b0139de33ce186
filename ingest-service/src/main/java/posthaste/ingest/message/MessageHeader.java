package posthaste.ingest.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The header of a message, as it was submitted. A message whose first line is no field has an empty
 * one.
 */
public final class MessageHeader {
    /** How the header came to its end. */
    public enum End {
        /** As RFC 5322 section 2.1 has it. */
        EMPTY_LINE,
        /** There is no body. */
        END_OF_MESSAGE,
        /** A line that is no field: the body begins with it. */
        NO_FIELD
    }

    private static final int LONGEST_NAME = 998;

    private final List<HeaderField> fields;
    private final End end;

    private MessageHeader(List<HeaderField> fields, End end) {
        this.fields = List.copyOf(fields);
        this.end = end;
    }

    /** Fields as they stand in a message: from the first octet to behind their last line end. */
    public static MessageHeader of(byte[] octets, End end) {
        List<HeaderField> fields = new ArrayList<>();
        for (int start = 0; start < octets.length; ) {
            int next = endOfField(octets, start);
            int colon = start;
            while (colon < next && octets[colon] != ':') {
                colon++;
            }
            if (colon == next || colon - start > LONGEST_NAME) {
                throw new IllegalArgumentException("no header field at octet " + start);
            }
            fields.add(new HeaderField(octets, start, colon, next));
            start = next;
        }
        return new MessageHeader(fields, end);
    }

    /** Fields of ours. */
    public static MessageHeader of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8), End.END_OF_MESSAGE);
    }

    /** From top to bottom. */
    public List<HeaderField> fields() {
        return fields;
    }

    public End end() {
        return end;
    }

    /** The uppermost field of this name. */
    public Optional<HeaderField> first(String name) {
        return fields.stream().filter(field -> field.is(name)).findFirst();
    }

    /** All fields of this name, from top to bottom. */
    public List<HeaderField> all(String name) {
        return fields.stream().filter(field -> field.is(name)).toList();
    }

    public boolean has(String name) {
        return first(name).isPresent();
    }

    /** The same header without some of its fields. */
    public MessageHeader without(Predicate<HeaderField> unwanted) {
        return new MessageHeader(fields.stream().filter(Predicate.not(unwanted)).toList(), end);
    }

    private static int endOfField(byte[] octets, int start) {
        for (int i = start; i < octets.length; i++) {
            if (octets[i] == '\n' && !isFolded(octets, i + 1)) {
                return i + 1;
            }
        }
        return octets.length;
    }

    private static boolean isFolded(byte[] octets, int next) {
        return next < octets.length && (octets[next] == ' ' || octets[next] == '\t');
    }
}
