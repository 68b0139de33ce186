package posthaste.bounce.inbound.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;
import posthaste.testing.Requires;

class RuleBookTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    5.1.1  | 550 | The email account that you tried to reach does not exist    | INVALID_RECIPIENT | true
                    5.1.1  | 550 | 192.0.2.1 is listed on a blocklist, see zen.spamhaus.org     | REPUTATION        | false
                    5.2.2  | 552 | Mailbox full                                                | MAILBOX_FULL      | false
                    5.7.1  | 554 | Your message was rejected due to example.org's DMARC policy | AUTH              | false
                    5.7.26 | 550 | see our help page                                           | AUTH              | false
                    5.7.1  | 550 | Message rejected as spam                                    | CONTENT           | false
                    4.7.0  | 421 | Too many connections from your host                         | RATE              | false
                    5.3.4  | 552 | Message too large                                           | SIZE              | false
                    5.7.1  | 554 | Relay access denied                                         | PROTOCOL          | false
                    5.4.4  | 550 | Host or domain name not found                               | INVALID_DOMAIN    | true
                    4.4.3  | 451 | Host or domain name not found                               | INVALID_DOMAIN    | false
                    5.2.1  | 550 | This account has been disabled                              | INACTIVE          | false
                    4.4.1  | 451 | Connection timed out                                        | TRANSIENT         | false
                    5.0.0  | 550 | no                                                          | UNSPECIFIC        | false
                    4.0.0  | 450 | no                                                          | TRANSIENT         | false
                    """)
    void ourOwnRefusalsAreClassified(
            String status, int code, String text, BounceClass bounceClass, boolean hard) {
        Classification found =
                RuleBook.shipped()
                        .classify(EnhancedStatusCode.parse(status), new Reply(code, text));
        assertThat(found.bounceClass()).isEqualTo(bounceClass);
        assertThat(found.hard()).isEqualTo(hard);
    }

    @Test
    void usersRulesGoBeforeTheShippedOnes() throws Exception {
        Path file =
                write(
                        "ours.toml",
                        """
                        [[rule]]
                        class = "INACTIVE"
                        hard = true
                        code = ["5"]
                        text = ["mailbox {is ,}full"]

                        [rules]
                        SpamBlock = ["^550 .*mailbox"]
                        """);
        BounceClassifier classifier = RuleBook.open(List.of(folder)).current();
        Classification found = classifier.classify(new Refusal(550, "", "Mailbox is full", ""));
        assertThat(found)
                .isEqualTo(new Classification(BounceClass.INACTIVE, true, true, file + ":1"));
        assertThat(classifier.classify(new Refusal(550, "", "mailbox odd", "")).bounceClass())
                .isEqualTo(BounceClass.REPUTATION);
        assertThat(classifier.classify(new Refusal(450, "", "Mailbox is full", "")).bounceClass())
                .isEqualTo(BounceClass.MAILBOX_FULL);
    }

    @Test
    void theRulesThatOperatorsHaveAreUnderstood() throws Exception {
        Path corpus = Requires.sharedCorpus("rules");
        int shipped = RuleBook.shipped().size();
        BounceClassifier iana = RuleBook.open(List.of(corpus.resolve("iana.toml"))).current();
        BounceClassifier both = RuleBook.open(List.of(corpus)).current();
        assertThat(iana.size() - shipped).isEqualTo(26);
        assertThat(both.size() - shipped).isEqualTo(26 + 109);
        assertThat(both.classify(new Refusal(552, "", "user's mailbox quota exceeded", "")).rule())
                .contains("bounces.toml");
        assertThat(iana.classify(new Refusal(525, "5.7.13", "off", "")).rule())
                .contains("iana.toml:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [[rule]]~class = "MISSING"~text = ["a"]        | 2 | there is no class "MISSING"
                    [[rule]]~text = ["a"]                          | 1 | a rule has a class
                    [[rule]]~class = "RATE"                        | 1 | a rule without a condition
                    [[rule]]~class = "RATE"~tekst = ["a"]          | 3 | "tekst" is no field of a rule
                    [[rule]]~class = "RATE"~code = ["600"]         | 3 | "600" is not a reply code
                    [[rule]]~class = "RATE"~status = ["5.1"]       | 3 | "5.1" is not an enhanced status code
                    [[rule]]~class = "RATE"~text = ["a {b"]        | 3 | has a { without }
                    [[rule]]~class = "RATE"~text = ["@none"]       | 3 | no list "@none" is in [words]
                    [[rule]]~class = "RATE"~pattern = ["a(b"]      | 3 | is no regular expression
                    [[rule]]~class = "RATE"~hard = "yes"~code = [] | 3 | hard is true or false
                    [rules]~SpamBlock = [~"fine",~"(?=never)",~]   | 4 | is no regular expression
                    class = "RATE"                                 | 1 | none of [[rule]], [rules] and [words]
                    [[rule                                         | 1 |
                    """)
    void aWrongFileIsRefusedByLineAndReason(String lines, int line, String reason)
            throws IOException {
        Path file = write("wrong.toml", lines.replace('~', '\n'));
        assertThatThrownBy(() -> RuleBook.open(List.of(file)))
                .isInstanceOf(InvalidRulesException.class)
                .hasMessageContaining(file + ":" + line)
                .hasMessageContaining(reason == null ? "" : reason);
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        Path file = folder.resolve("none.toml");
        assertThatThrownBy(() -> RuleBook.open(List.of(file)))
                .isInstanceOf(InvalidRulesException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void whatChangesIsInForceAtOnce() throws Exception {
        Path file = write("ours.toml", "[rules]\nRATE = [\"odd\"]\n");
        AtomicReference<RuleSet> inForce = new AtomicReference<>(RuleSet.read(file));
        RuleBook book = RuleBook.of(List.of(inForce::get));
        Refusal odd = new Refusal(550, "", "odd", "");
        BounceClassifier before = book.current();
        assertThat(before.classify(odd).bounceClass()).isEqualTo(BounceClass.RATE);
        assertThat(book.current()).isSameAs(before);

        write("ours.toml", "[rules]\nSIZE = [\"odd\"]\n");
        inForce.set(RuleSet.read(file));
        assertThat(book.current().classify(odd).bounceClass()).isEqualTo(BounceClass.SIZE);
        assertThat(book.current().fingerprint()).isNotEqualTo(before.fingerprint());
        write("ours.toml", "[rules]\nRATE = [\"odd\"]\n");
        inForce.set(RuleSet.read(file));
        assertThat(book.current().fingerprint()).isEqualTo(before.fingerprint());
    }

    @Test
    void aFileThatIsNoUtf8OrTooLargeIsRefused() throws Exception {
        Path binary = Files.write(folder.resolve("b.toml"), new byte[] {'#', (byte) 0xff, '\n'});
        assertThatThrownBy(() -> RuleSet.read(binary)).hasMessageContaining("it is not UTF-8");
        Path large = Files.write(folder.resolve("l.toml"), new byte[(4 << 20) + 1]);
        assertThatThrownBy(() -> RuleSet.read(large)).hasMessageContaining("it is larger than");
    }

    @Test
    @Timeout(60)
    void noUsersPatternRunsAway() throws Exception {
        Path file = write("slow.toml", "[rules]\nRATE = [\"^(a+)+b$\", \"(.*a){20}z\"]\n");
        BounceClassifier classifier = RuleBook.open(List.of(file)).current();
        Refusal refusal = new Refusal(550, "", "a".repeat(100_000), "");
        assertThat(classifier.classify(refusal).bounceClass()).isEqualTo(BounceClass.UNSPECIFIC);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
