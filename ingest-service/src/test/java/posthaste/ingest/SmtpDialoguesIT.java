package posthaste.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import posthaste.testing.SmtpDialogue;

/**
 * The dialogues in {@code src/test/resources/dialogues}, each with the real listener. The first
 * line of each says how many mails are to be accepted in it: {@code # accepts 1}.
 */
class SmtpDialoguesIT {
    private static final Path FOLDER = Path.of("src", "test", "resources", "dialogues");

    static Stream<Path> dialogues() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void theDialogueGoesAsWritten(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        int accepts = Integer.parseInt(lines.getFirst().replaceAll("\\D", ""));
        try (ListenerUnderTest ingest = ListenerUnderTest.start()) {
            SmtpDialogue.run(file.getFileName().toString(), lines, ingest.port(), Map.of());
            Assertions.assertThat(ingest.accepted()).hasSize(accepts);
        }
    }
}
