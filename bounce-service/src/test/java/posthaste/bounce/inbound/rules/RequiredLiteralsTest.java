package posthaste.bounce.inbound.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequiredLiteralsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    (?i)User Unknown           ; user unknown
                    user.*(un|not )known now   ; known now
                    colou?r                    ; colo
                    abc*d{2}efg                ; efg
                    abc+d                      ; abc
                    spam|junk mail             ; spam,junk mail
                    ^550 5\\.1\\.1             ; 550 5.1.1
                    a[]x(]bcd                  ; bcd
                    a(b[)]c)def                ; def
                    a(?:b(c)d)\\(efg\\)        ; (efg)
                    [[:alpha:]]+rest           ; rest
                    """)
    void areInEveryTextThatMatches(String regex, String words) {
        assertThat(RequiredLiterals.of(regex)).isEqualTo(Arrays.asList(words.split(",", -1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    spam|no            ;
                    a.b.c              ;
                    (spam|junk)        ;
                    \\x41\\x42text     ;
                    \\pLtext           ;
                    \\Qa.b\\E          ;
                    straße             ;
                    spam|              ;
                    \\                 ;
                    [abc               ;
                    (abc               ;
                    x{3                ;
                    """)
    void areNoneWhereNoneIsSure(String regex) {
        assertThat(RequiredLiterals.of(regex)).isEqualTo(List.of());
    }
}
