package posthaste.ingest.content;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import posthaste.ingest.content.RspamdVerdicts.OnAddHeader;
import posthaste.ingest.content.RspamdVerdicts.OnReject;
import posthaste.service.settings.SettingException;

/** What answers mean, whatever is in them. */
class VerdictTest {
    private static final RspamdVerdicts USUAL =
            new RspamdVerdicts(OnReject.REFUSE, OnAddHeader.TAG);
    private static final RspamdVerdicts SETTING_ASIDE =
            new RspamdVerdicts(OnReject.QUARANTINE, OnAddHeader.QUARANTINE);

    @ParameterizedTest
    @CsvSource({
        "no action,Accept,Accept",
        "reject,Refuse,Quarantine",
        "soft reject,Defer,Defer",
        "greylist,Defer,Defer",
        "add header,Accept,Quarantine",
        "rewrite subject,Accept,Quarantine",
        "quarantine,Quarantine,Quarantine",
        "discard,Quarantine,Quarantine"
    })
    void everyActionOfRspamdHasAMeaning(String action, String usual, String settingAside)
            throws IOException {
        String answer = "{\"action\":\"" + action + "\",\"score\":7.5,\"required_score\":null}";
        assertThat(read(USUAL, answer).getClass().getSimpleName()).isEqualTo(usual);
        assertThat(read(SETTING_ASIDE, answer).getClass().getSimpleName()).isEqualTo(settingAside);
    }

    @Test
    void probableSpamIsMarkedAndItsSubjectToldBesideTheMessage() throws IOException {
        assertThat(read(USUAL, "{\"action\":\"rewrite subject\",\"subject\":\"*** a\\r\\nB: c\"}"))
                .isEqualTo(
                        new Verdict.Accept(
                                List.of(
                                        new AddedField("X-Spam", "Yes"),
                                        new AddedField("X-Spam-Subject", "*** a B: c"))));
    }

    @Test
    void fieldsComeInEveryFormThatMiltersTake() throws IOException {
        Verdict verdict =
                read(
                        USUAL,
                        """
                        {"action": "no action", "milter": {"remove_headers": {"X-Spam": 0},
                         "add_headers": {"X-A": "one", "X-B": {"value": "two", "order": 1},
                          "X-C": ["three", {"value": "four"}], "X-D": {"other": 1}, "X-E": 5}}}\
                        """);
        assertThat(((Verdict.Accept) verdict).fields())
                .extracting(AddedField::toString)
                .containsExactlyInAnyOrder(
                        "X-A: one\r\n",
                        "X-B: two\r\n",
                        "X-C: three\r\n",
                        "X-C: four\r\n",
                        "X-E: 5\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Subject",
                "bcc",
                "To",
                "Content-Type",
                "Resent-To",
                "Received",
                "DKIM-Signature",
                "X A",
                "X:",
                "",
                "X-\\r\\nBcc",
                "Ä"
            })
    void aScannerAddsNoFieldThatChangesTheMessage(String name) throws IOException {
        assertThat(
                        read(
                                USUAL,
                                "{\"action\":\"no action\",\"milter\":{\"add_headers\":{\""
                                        + name
                                        + "\":\"v\"}}}"))
                .isEqualTo(Verdict.FINE);
    }

    @Test
    void aFieldStaysOneLineOfBoundedAscii() {
        assertThat(new AddedField("X-A", "a\r\nBcc: b\r\n\r\nbody\u0000\u0085\u2028ü").toString())
                .isEqualTo("X-A: a Bcc: b body ???\r\n");
        assertThat(new AddedField("X-A", "x".repeat(100_000)).toString()).hasSizeLessThan(998);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"action\":1}",
                "{\"action\":\"dance\"}",
                "{\"action\":\"reject\"",
                "<html>"
            })
    void whatIsNoAnswerIsAFailure(String answer) {
        assertThatThrownBy(() -> read(USUAL, answer)).isInstanceOf(IOException.class);
    }

    @Test
    void noAnswerLeadsToAnythingElse() {
        String good =
                "{\"action\":\"add header\",\"subject\":\"s\",\"messages\":{\"smtp_message\":\"m\"},"
                        + "\"milter\":{\"add_headers\":{\"X-A\":[{\"value\":\"v\"}]}}}";
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.getBytes(ISO_8859_1);
            for (int n = random.nextInt(6); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(USUAL.read(bytes)).isNotNull();
            } catch (IOException _) {
                // The other thing that may be.
            }
        }
    }

    @Test
    void aScannerThatIsAwayIsLookedForByOneAtATime() {
        AtomicLong now = new AtomicLong();
        Circuit circuit = new Circuit(2, Duration.ofNanos(100), now::get);
        assertThat(circuit.failed()).isFalse();
        assertThat(circuit.permits()).isTrue();
        assertThat(circuit.failed()).isTrue();
        assertThat(circuit.permits()).isFalse();
        now.set(100);
        assertThat(circuit.permits()).isTrue();
        assertThat(circuit.permits()).as("a second look").isFalse();
        assertThat(circuit.failed()).as("it is known already").isFalse();
        now.set(199);
        assertThat(circuit.permits()).isFalse();
        now.set(200);
        assertThat(circuit.permits()).isTrue();
        assertThat(circuit.answered()).isTrue();
        assertThat(circuit.permits()).isTrue();
        assertThat(circuit.isDown()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "rspamd.urls,ftp://a",
        "rspamd.urls,http://user:secret@host",
        "rspamd.deadline,0s",
        "rspamd.concurrency,0",
        "clamav.addresses,clamd",
        "clamav.addresses,host:99999",
        "clamav.max-size,1B",
        "spool-threshold,2MB"
    })
    void aWrongSettingIsRefused(String property, String value) {
        assertThatThrownBy(() -> bind(Map.of(property, value)))
                .satisfies(e ->
                        assertThat(sentences(e))
                                .anySatisfy(sentence ->
                                        assertThat(sentence)
                                                .contains("must be")
                                                .doesNotContain("secret")));
    }

    @Test
    void withoutSettingsThereIsNoScanner() {
        ContentProperties properties = bind(Map.of());
        assertThat(properties.rspamd().urls()).isEmpty();
        assertThat(properties.clamav().addresses()).isEmpty();
        assertThat(bind(Map.of("rspamd.password", "hidden")).toString()).doesNotContain("hidden");
    }

    private static List<String> sentences(Throwable thrown) {
        List<String> sentences = new ArrayList<>();
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            if (e instanceof SettingException) {
                sentences.add(String.valueOf(e.getMessage()));
            }
        }
        return sentences;
    }

    private static ContentProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("", ContentProperties.class);
    }

    private static Verdict read(RspamdVerdicts verdicts, String answer) throws IOException {
        return verdicts.read(answer.getBytes(UTF_8));
    }
}
