package posthaste.bounce.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.bounce.inbound.parse.ReportKind;
import posthaste.bounce.inbound.rules.RuleBook;

/** Bounces in the formats of the world, written for this test: it runs where no corpus is. */
class BounceSamplesTest {
    private static final ReportReader READER = new ReportReader(RuleBook.shipped());

    @ParameterizedTest
    @CsvFileSource(resources = "samples/labels.tsv", delimiter = '\t')
    void tellsRecipientAndReasonWhateverEndsTheLines(
            String file, String recipient, String bounceClass, String hardness) throws IOException {
        String lf = sample(file);
        for (String end : new String[] {"\n", "\r\n", "\r"}) {
            InboundReport report =
                    READER.read(lf.replace("\n", end).getBytes(StandardCharsets.UTF_8));
            assertThat(report.recipients()).hasSize(1);
            ReportedRecipient told = report.recipients().getFirst();
            assertThat(told.kind()).isEqualTo(ReportKind.BOUNCE);
            assertThat(told.recipient()).contains(recipient);
            assertThat(told.bounceClass().name()).as(told.toString()).isEqualTo(bounceClass);
            assertThat(told.hard()).as(told.toString()).isEqualTo(hardness.equals("hard"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dmarc",
                "logwatch",
                "majordomo",
                "moderation",
                "monitoring",
                "newsletter",
                "parcel",
                "question",
                "subscription",
                "ticket"
            })
    void whoTalksOfBouncesSendsNone(String name) throws IOException {
        String mail = text("ordinary/" + name + ".eml");
        assertThat(READER.read(mail.getBytes(StandardCharsets.UTF_8)).recipients()).isEmpty();
    }

    private static String sample(String name) throws IOException {
        return text("samples/" + name);
    }

    private static String text(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(BounceSamplesTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
