package posthaste.bounce.dsn;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import posthaste.body.StoredBody;

/** What of the message goes back to its sender, as the last part of a DSN. */
public sealed interface Returned {

    /** The languages that its header section asks for, the most wanted first. */
    List<String> languages();

    /**
     * The whole message, as RET=FULL asks for.
     *
     * @param body open as long as the DSN is being written
     * @param eightBit whether some of its octets are not ASCII
     * @param eightBitHeader whether some of them stand in the header section
     */
    record Whole(StoredBody body, boolean eightBit, boolean eightBitHeader, List<String> languages)
            implements Returned {
        public Whole {
            languages = List.copyOf(languages);
        }

        /** Whether it is message/global, which unlike message/rfc822 may be encoded (RFC 6532). */
        boolean isInternational(boolean smtpUtf8) {
            return smtpUtf8 && eightBitHeader;
        }

        String mediaType(boolean smtpUtf8) {
            return isInternational(smtpUtf8) ? "message/global" : "message/rfc822";
        }
    }

    /** The header section, as stored, without the empty line that ends it. */
    final class HeaderSection implements Returned {
        private final byte[] octets;
        private final boolean cut;

        HeaderSection(byte[] octets, boolean cut) {
            this.octets = octets;
            this.cut = cut;
        }

        byte[] octets() {
            return octets;
        }

        @Override
        public List<String> languages() {
            return WantedLanguages.of(octets);
        }

        /** Whether there was more of it than goes back. */
        boolean cut() {
            return cut;
        }

        /** RFC 6522 section 4; with UTF-8 that the client declared, RFC 6533 section 6. */
        String mediaType(boolean smtpUtf8) {
            if (isAscii(octets)) {
                return "text/rfc822-headers";
            }
            return !isUtf8(octets)
                    ? "text/rfc822-headers; charset=unknown-8bit"
                    : smtpUtf8 ? "message/global-headers" : "text/rfc822-headers; charset=utf-8";
        }
    }

    /**
     * No part of it.
     *
     * @param why a sentence for people
     */
    record Nothing(String why) implements Returned {

        @Override
        public List<String> languages() {
            return List.of();
        }
    }

    /**
     * How much may go back.
     *
     * @param message octets of a whole message; of larger ones the header section is returned
     * @param headerSection octets of a header section; longer ones are cut
     */
    record Limits(long message, int headerSection) {}

    /**
     * Chooses from a message as it is stored.
     *
     * @param whole whether all of it was asked for
     * @throws IOException when it cannot be read
     */
    static Returned from(StoredBody body, boolean whole, Limits limits) throws IOException {
        boolean small = whole && body.length() <= limits.message();
        MessageSurvey survey = new MessageSurvey(limits.headerSection(), !small);
        try {
            body.writeTo(survey);
        } catch (MessageSurvey.HeaderSectionRead e) {
            // Nothing behind the header section is wanted, which may be 100 MiB.
        }
        byte[] header = survey.headerSection();
        if (small && survey.fit()) {
            return new Whole(body, survey.eightBit(), !isAscii(header), WantedLanguages.of(header));
        }
        return header.length == 0
                ? new Nothing("It has no header section that could be attached.")
                : new HeaderSection(header, survey.headerCut());
    }

    private static boolean isAscii(byte[] octets) {
        return !MessageSurvey.of(octets).eightBit();
    }

    private static boolean isUtf8(byte[] octets) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
