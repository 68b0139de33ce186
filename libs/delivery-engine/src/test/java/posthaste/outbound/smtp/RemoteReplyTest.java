package posthaste.outbound.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteReplyTest {

    @Test
    void linesAreJoinedAndTheStatusCodeIsKeptOnce() {
        assertThat(RemoteReply.parse("250-2.1.5 one\n250-2.1.5 two\n250 2.1.5 three\n"))
                .hasValueSatisfying(
                        reply -> assertThat(reply).hasToString("250 2.1.5 one two three"));
        assertThat(RemoteReply.parse("250-plain\n250 text\n").orElseThrow())
                .hasToString("250 plain text");
        assertThat(RemoteReply.parse("250-2.1.5 one\n250 2.1.0 other\n").orElseThrow())
                .hasToString("250 2.1.5 one 2.1.0 other");
    }

    @Test
    void aReplyMayHaveNoText() {
        assertThat(RemoteReply.parse("250\n").orElseThrow()).hasToString("250");
        assertThat(RemoteReply.parse("250 \n").orElseThrow()).hasToString("250");
    }

    @Test
    void utf8IsReadAsSuchAndOtherOctetsAsLatin1() {
        assertThat(RemoteReply.parse("250 \u00c3\u00bc\n").orElseThrow()).hasToString("250 \u00fc");
        assertThat(RemoteReply.parse("250 \u00fc\n").orElseThrow()).hasToString("250 \u00fc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "25\n", "99 hi\n", "199 x\n", "600 x\n", "2500\n", "250x\n"})
    void whatIsNoReplyIsNone(String lines) {
        assertThat(RemoteReply.parse(lines)).isEmpty();
    }

    @Test
    void allLinesHaveTheSameCode() {
        assertThat(RemoteReply.parse("250-a\n550 b\n")).isEmpty();
    }
}
