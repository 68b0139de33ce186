package posthaste.bounce.inbound.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What servers of many makes and languages say, family by family: {@code replies.txt}. None of it
 * was taken from the corpus.
 */
class RepliesOfTheWorldTest {
    private static final BounceClassifier CLASSIFIER = RuleBook.shipped();

    @TestFactory
    Stream<DynamicTest> areUnderstood() throws IOException {
        List<String> lines = replies().lines().toList();
        assertThat(lines).hasSizeGreaterThan(400);
        return lines.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> DynamicTest.dynamicTest(line, () -> isUnderstood(line)));
    }

    private static void isUnderstood(String line) {
        String[] field = line.split(" \\| ", -1);
        assertThat(field).hasSize(5);
        Classification found =
                CLASSIFIER.classify(
                        new Refusal(
                                field[0].equals("-") ? 0 : Integer.parseInt(field[0]),
                                told(field[1]),
                                field[3],
                                told(field[2])));
        assertThat(found.bounceClass().name()).as(found.toString()).isEqualTo(field[4].strip());
    }

    private static String told(String field) {
        return field.equals("-") ? "" : field;
    }

    private static String replies() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        RepliesOfTheWorldTest.class.getResourceAsStream("replies.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
