package posthaste.bounce.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static posthaste.bounce.dsn.Notices.asking;
import static posthaste.bounce.dsn.Notices.entry;
import static posthaste.bounce.dsn.Notices.envelope;
import static posthaste.bounce.dsn.Notices.failed;
import static posthaste.bounce.dsn.Notices.notice;
import static posthaste.bounce.dsn.Notices.recipient;

import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.mail.envelope.Ret;
import posthaste.mail.record.Notice;
import posthaste.mail.status.Reply;
import posthaste.service.reload.WrongFileException;

/** What people read, in which language, and by whose template. */
class DsnTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"de", "en", "es", "fr", "ja"})
    void everyShippedTextTellsEveryKindOfNews(String language) throws Exception {
        for (Notice.Action action : Notice.Action.values()) {
            for (Ret ret : Ret.values()) {
                Notice notice =
                        notice(
                                asking(
                                        envelope(
                                                recipient(
                                                        "bob@remote.example",
                                                        "SUCCESS,FAILURE,DELAY",
                                                        "")),
                                        ret,
                                        ""),
                                entry(0, action));
                ParsedMail mail =
                        composed(notice, "Content-Language: " + language, DsnTexts.shipped());
                assertThat(mail.parts().getFirst().field("Content-Language")).isEqualTo(language);
                assertThat(mail.parts().getFirst().text())
                        .contains("<bob@remote.example>")
                        .doesNotContain("[(", "[#", "${", "\r\n\r\n\r\n");
                assertThat(mail.field("Subject")).matches("[\\x20-\\x7e]+");
                assertThat(MimeUtility.decodeText(mail.field("Subject"))).isNotBlank();
                assertThat(mail.isSevenBit()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Accept-Language: de-CH, fr;q=0.9|de",
                "Accept-Language: fr;q=0.2, es;q=0.8|es",
                "Accept-Language: tlh, ja|ja",
                "Accept-Language: *|en",
                "Accept-Language: de;q=0, fr|fr",
                "Content-Language: fr-CA|fr",
                "Content-Language: de, en|de",
                "Content-Language: klingon!|en",
                "X-Nothing: here|en",
            })
    void theMessageChoosesTheLanguage(String field, String language) throws Exception {
        ParsedMail mail = composed(refused(), field, DsnTexts.shipped());
        assertThat(mail.parts().getFirst().field("Content-Language")).isEqualTo(language);
    }

    @Test
    void whatTheReaderWantsGoesBeforeWhatTheMessageIsIn() throws Exception {
        ParsedMail mail =
                composed(
                        refused(),
                        "Content-Language: ja\r\nAccept-Language: fr",
                        DsnTexts.shipped());
        assertThat(mail.parts().getFirst().field("Content-Language")).isEqualTo("fr");
        assertThat(MimeUtility.decodeText(mail.field("Subject"))).startsWith("Votre message");
    }

    @Test
    void theConfiguredLanguageHoldsWhereTheMessageSaysNothingOrMayNotChoose() throws Exception {
        DsnTexts german = DsnTexts.of(DsnTextFiles.shipped(), "de");
        assertThat(language(composed(refused(), "X-Nothing: here", german))).isEqualTo("de");
        assertThat(language(composed(refused(), "Accept-Language: fr", german))).isEqualTo("fr");
        assertThat(language(composed(refused(), "Accept-Language: fr", german.always())))
                .isEqualTo("de");
    }

    @Test
    void aFolderHasTextsOfOnesOwn(@TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("pt-BR.txt"),
                """
                Subject: Sua mensagem ([(${story.news})])
                [# th:each="group : ${story.groups}"][# th:each="one : ${group.recipients}"]
                Para [(${one.address})]: [(${one.reply})]
                [/][/]
                """);
        DsnTexts texts = DsnTextFiles.read(folder, "en");
        ParsedMail mail = composed(refused(), "Accept-Language: pt-BR", texts);
        assertThat(mail.field("Subject")).isEqualTo("Sua mensagem (failed)");
        assertThat(mail.parts().getFirst().text())
                .isEqualTo("Para bob@remote.example: 550 5.1.1 no such user here\r\n");
        assertThat(texts.languages()).contains("en", "pt-br", "ja");
    }

    /** A server's words are data, whatever they look like. */
    @Test
    void aReplyThatLooksLikeATemplateIsQuoted() throws Exception {
        String nasty = "5.1.1 [(${story.id})] __${7*7}__ [[${T(java.lang.Runtime)}]] [# th:if]";
        Notice notice =
                notice(envelope(recipient("bob@remote.example")), failed(0, new Reply(550, nasty)));
        String text =
                composed(notice, "X-Nothing: here", DsnTexts.shipped())
                        .parts()
                        .getFirst()
                        .text()
                        .replaceAll("\\s+", " ");
        assertThat(text).contains("550 " + nasty);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "de.txt|Subject: x\\n\\n[(${story.nonsense})]|line 3",
                "de.txt|Subject: x\\n[# th:each=|line",
                "de.txt|Subject: x\\n[(${story.mta})]|names no recipient",
                "de.txt|No subject\\n|the first line must be 'Subject: '",
                "my template.txt|Subject: x|must be a language tag",
            })
    void aWrongTextIsRefusedWithFileAndReason(
            String name, String text, String reason, @TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve(name), text.replace("\\n", "\n"));
        assertThatThrownBy(() -> DsnTextFiles.read(folder, "en"))
                .isInstanceOf(WrongFileException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(reason);
    }

    @Test
    void thereMustBeATextOfTheConfiguredLanguage(@TempDir Path folder) {
        assertThatThrownBy(() -> DsnTextFiles.read(folder, "sv"))
                .isInstanceOf(WrongFileException.class)
                .hasMessageContaining("posthaste.dsn.language");
    }

    private static Notice refused() {
        return notice(envelope(recipient("bob@remote.example")), failed(0));
    }

    private static String language(ParsedMail mail) {
        return mail.parts().getFirst().field("Content-Language");
    }

    private static ParsedMail composed(Notice notice, String fields, DsnTexts texts)
            throws Exception {
        byte[] message =
                (fields + "\r\nSubject: x\r\n\r\nx\r\n").getBytes(StandardCharsets.US_ASCII);
        boolean whole = notice.envelope().envelope().ret() == Ret.FULL;
        Dsn dsn =
                new DsnComposer(Notices.REPORTER, () -> texts)
                        .compose(
                                notice,
                                List.copyOf(Audience.of(notice).told()),
                                Returned.from(new BytesBody(message), whole, Composed.LIMITS));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        dsn.writeTo(out);
        return ParsedMail.of(out.toByteArray());
    }
}
