package posthaste.bounce.inbound.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhraseTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    user unknown                 | the user unknown here     | true
                    User Unknown                 | user unknown              | true
                    rbl                          | listed by rbl.            | true
                    rbl                          | a marble                  | false
                    exceed~                      | it exceeded all           | true
                    exceed                       | it exceeded all           | false
                    ~ceeded                      | it exceeded all           | true
                    {user,box} {unknown,gone}    | this box gone             | true
                    {user,box} {unknown,gone}    | this box is gone          | false
                    {user,box} * {unknown,gone}  | this box is gone          | true
                    {user,box} * {unknown,gone}  | gone is this box          | false
                    box {is ,}full               | box full                  | true
                    box {is ,}full               | box is full               | true
                    box * full                   | box full                  | true
                    不明                         | 宛先が不明です            | true
                    """)
    void isFoundByWholeWords(String phrase, String text, boolean found) {
        assertThat(Phrase.parse(phrase).in(text)).isEqualTo(found);
    }

    @Test
    void aGapIsBounded() {
        assertThat(Phrase.parse("a * b").in("a" + " x".repeat(30) + " b")).isTrue();
        assertThat(Phrase.parse("a * b").in("a" + " x".repeat(60) + " b")).isFalse();
    }

    @Test
    @Timeout(30)
    void textsThatAlmostMatchCostNoMore() {
        Phrase phrase = Phrase.parse("a * a * a * a * a * a * a * a * a * z");
        assertThat(phrase.in("a ".repeat(1_000))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a {b     | has a { without }
                    a b}     | has a } without {
                    a *      | has nothing beside a *
                    {,a}     | begins with what may be left out
                    a~ b     | a ~ stands neither first nor last
                    """)
    void whatMakesNoSenseIsRefused(String phrase, String reason) {
        assertThatThrownBy(() -> Phrase.parse(phrase)).hasMessageContaining(reason);
    }
}
