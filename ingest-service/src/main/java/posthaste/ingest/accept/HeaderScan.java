package posthaste.ingest.accept;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import posthaste.ingest.policy.HeaderLimits;

/**
 * Watches a header while it streams by: counts what is limited, remembers the Message-ID. Whatever
 * is no header field ends the header, as an empty line does.
 */
final class HeaderScan {
    /** A field name that is longer is none: RFC 5322 section 2.1.1 limits a whole line to this. */
    private static final int NAME_LIMIT = 998;

    /** Bounds what goes into the envelope; a longer Message-ID is not remembered. */
    private static final int MESSAGE_ID_LIMIT = 998;

    private static final String MESSAGE_ID = "message-id";
    private static final String RECEIVED = "received";
    private static final int KNOWN_NAME_LENGTH = MESSAGE_ID.length();

    private enum Place {
        LINE_START,
        NAME,
        AFTER_NAME,
        VALUE,
        BODY
    }

    private final HeaderLimits limits;
    private Place place = Place.LINE_START;
    private long octets;
    private int fields;
    private int receivedFields;

    private final byte[] name = new byte[KNOWN_NAME_LENGTH];
    private int nameLength;

    private boolean isMessageId;
    private final StringBuilder messageId = new StringBuilder();
    private boolean messageIdIsComplete;

    HeaderScan(HeaderLimits limits) {
        this.limits = limits;
    }

    /**
     * Looks at the next bytes of the message.
     *
     * @throws Refusal when the header goes beyond its limits
     */
    void read(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length && place != Place.BODY; i++) {
            if (++octets > limits.maxOctets()) {
                throw new Refusal(
                        552, "5.3.4 the header is larger than " + limits.maxOctets() + " octets");
            }
            step(bytes[i]);
        }
    }

    /** The value of the first Message-ID field, unfolded; empty when there was none to speak of. */
    Optional<String> messageId() {
        // The scan keeps octets, one a char; only here they become text.
        String octetsAsText = messageId.toString();
        if (octetsAsText.length() > MESSAGE_ID_LIMIT) {
            return Optional.empty();
        }
        String text =
                new String(
                                octetsAsText.getBytes(StandardCharsets.ISO_8859_1),
                                StandardCharsets.UTF_8)
                        .replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "")
                        .strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private void step(byte b) {
        switch (place) {
            case LINE_START -> beginLine(b);
            case NAME -> readName(b);
            case AFTER_NAME -> {
                if (b == ':') {
                    beginValue();
                } else if (!isBlank(b)) {
                    place = Place.BODY;
                }
            }
            case VALUE -> readValue(b);
            case BODY -> {}
        }
    }

    private void beginLine(byte b) {
        if (isBlank(b)) {
            place = fields > 0 ? Place.VALUE : Place.BODY;
            readValue(b);
            return;
        }
        messageIdIsComplete |= isMessageId;
        isMessageId = false;
        nameLength = 0;
        place = Place.NAME;
        readName(b);
    }

    private void readName(byte b) {
        if (b == ':' && nameLength > 0) {
            beginValue();
        } else if (isBlank(b)) {
            place = Place.AFTER_NAME;
        } else if (b <= ' ' || b > '~' || b == ':' || nameLength == NAME_LIMIT) {
            // The CR of an empty line among them.
            place = Place.BODY;
        } else {
            if (nameLength < KNOWN_NAME_LENGTH) {
                name[nameLength] = b;
            }
            nameLength++;
        }
    }

    private void beginValue() {
        place = Place.VALUE;
        if (++fields > limits.maxFields()) {
            throw new Refusal(
                    552, "5.3.4 the header has more than " + limits.maxFields() + " fields");
        }
        String known =
                nameLength > KNOWN_NAME_LENGTH
                        ? ""
                        : new String(name, 0, nameLength, StandardCharsets.ISO_8859_1)
                                .toLowerCase(Locale.ROOT);
        if (known.equals(RECEIVED) && ++receivedFields > limits.maxReceived()) {
            throw new Refusal(
                    554,
                    "5.4.6 more than "
                            + limits.maxReceived()
                            + " Received fields: the mail goes round in a loop");
        }
        isMessageId = known.equals(MESSAGE_ID) && !messageIdIsComplete;
    }

    private void readValue(byte b) {
        if (b == '\n') {
            place = Place.LINE_START;
        } else if (isMessageId && b != '\r' && messageId.length() <= MESSAGE_ID_LIMIT) {
            messageId.append((char) (b & 0xff));
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
