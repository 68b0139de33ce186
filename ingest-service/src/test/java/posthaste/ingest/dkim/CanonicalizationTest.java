package posthaste.ingest.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import posthaste.ingest.message.HeaderField;
import posthaste.ingest.message.MessageHeader;

class CanonicalizationTest {

    /** RFC 6376 section 3.4.5. */
    @ParameterizedTest
    @CsvSource({
        "'A: X\r\n', 'a:X\r\n'",
        "'B : Y\t\r\n\tZ  \r\n', 'b:Y Z\r\n'",
        "'Subject:\r\n  folded \r\n\t twice\r\n', 'subject:folded twice\r\n'",
        "'Subject:\r\n', 'subject:\r\n'",
        "'Subject: end', 'subject:end\r\n'",
        "'SUBJECT:\u00e4  \u00ff\r\n', 'subject:\u00e4 \u00ff\r\n'",
    })
    void aRelaxedFieldKeepsItsWordsAlone(String field, String expected) {
        assertThat(canonical(Canonicalization.RELAXED, field)).isEqualTo(expected);
    }

    @Test
    void aSimpleFieldStaysAsItIs() {
        assertThat(canonical(Canonicalization.SIMPLE, "B : Y\t\r\n\tZ  \r\n"))
                .isEqualTo("B : Y\t\r\n\tZ  \r\n");
        assertThat(canonical(Canonicalization.SIMPLE, "A: end")).isEqualTo("A: end\r\n");
    }

    /** Hashes of RFC 6376 section 3.4.3 and 3.4.4, RFC 8463 appendix A, and of what these say. */
    @Test
    void bodiesHaveTheHashesOfTheStandards() {
        String empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        String lineEnd = "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=";
        assertThat(hash(Canonicalization.RELAXED, "")).isEqualTo(empty);
        assertThat(hash(Canonicalization.RELAXED, "\r\n\r\n \r\n\t")).isEqualTo(empty);
        assertThat(hash(Canonicalization.SIMPLE, "")).isEqualTo(lineEnd);
        assertThat(hash(Canonicalization.SIMPLE, "\r\n\r\n\r\n")).isEqualTo(lineEnd);
        assertThat(
                        hash(
                                Canonicalization.RELAXED,
                                "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"))
                .isEqualTo("2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
    }

    @ParameterizedTest
    @CsvSource({
        "' C \r\nD \t E\r\n\r\n\r\n', ' C\r\nD E\r\n'",
        "'x', 'x\r\n'",
        "'\r\n\r\nx\r\n\r\ny \r\n \r\n', '\r\n\r\nx\r\n\r\ny\r\n'",
        "'a\rb\n c\r', 'a\rb\n c\r\r\n'",
    })
    void whatBlanksAndLastLinesChangeCountsNotInARelaxedBody(String body, String canonical) {
        assertThat(hash(Canonicalization.RELAXED, body))
                .isEqualTo(
                        Base64.getEncoder()
                                .encodeToString(
                                        Sha256.begin().digest(canonical.getBytes(ISO_8859_1))));
    }

    @Test
    void blocksMayEndAnywhere() {
        Random random = new Random(6);
        for (Canonicalization way : Canonicalization.values()) {
            for (int round = 0; round < 2000; round++) {
                StringBuilder text = new StringBuilder();
                for (int i = random.nextInt(40); i > 0; i--) {
                    text.append("a \t\r\n".charAt(random.nextInt(5)));
                }
                byte[] bytes = text.toString().getBytes(ISO_8859_1);
                BodyHash octetByOctet = new BodyHash(way);
                for (int i = 0; i < bytes.length; i++) {
                    octetByOctet.update(bytes, i, 1);
                }
                assertThat(Base64.getEncoder().encodeToString(octetByOctet.digest()))
                        .isEqualTo(hash(way, text.toString()));
            }
        }
    }

    private static String canonical(Canonicalization way, String field) {
        HeaderField one =
                MessageHeader.of(field.getBytes(ISO_8859_1), MessageHeader.End.END_OF_MESSAGE)
                        .fields()
                        .getFirst();
        return new String(way.field(one), ISO_8859_1);
    }

    private static String hash(Canonicalization way, String body) {
        BodyHash hash = new BodyHash(way);
        byte[] bytes = body.getBytes(ISO_8859_1);
        hash.update(bytes, 0, bytes.length);
        return Base64.getEncoder().encodeToString(hash.digest());
    }
}
