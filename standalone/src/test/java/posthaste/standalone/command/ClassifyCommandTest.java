package posthaste.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifyCommandTest {
    private static final String BOUNCE =
            """
            From: MAILER-DAEMON@mx.example
            Subject: failure notice

            <anna@example.org>:
            Remote host said: 550 5.1.1 no such user
            """;
    private static final String MAIL = "From: anna@example.org\nSubject: Hello\n\nHello\n";

    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final PosthasteCommandLine commandLine =
            new PosthasteCommandLine().printingTo(new PrintWriter(out), new PrintWriter(err));

    @Test
    void eachRecipientIsALine() throws IOException {
        Path bounce = Files.writeString(folder.resolve("1.eml"), BOUNCE);
        Path mail = Files.writeString(folder.resolve("2.eml"), MAIL);
        assertThat(commandLine.execute("classify", folder.toString()))
                .isEqualTo(ExitStatus.FINE.code());
        assertThat(out.toString().lines())
                .containsExactly(
                        "{\"file\":\""
                                + bounce
                                + "\",\"recipient\":\"anna@example.org\",\"kind\":\"bounce\",\"class\":"
                                + "\"INVALID_RECIPIENT\",\"hard\":true,\"status\":\"5.1.1\",\"reply\":"
                                + "\"550 5.1.1 no such user\"}",
                        "{\"file\":\""
                                + mail
                                + "\",\"recipient\":null,\"kind\":\"none\",\"class\":null,\"hard\":false,"
                                + "\"status\":null,\"reply\":\"\"}");
    }

    @Test
    void ownRulesGoFirst() throws IOException {
        Path bounce = Files.writeString(folder.resolve("1.eml"), BOUNCE);
        Path rules = Files.writeString(folder.resolve("r.toml"), "[rules]\nRATE = [\"no such\"]\n");
        assertThat(commandLine.execute("classify", "--rules", rules.toString(), bounce.toString()))
                .isEqualTo(ExitStatus.FINE.code());
        assertThat(out.toString()).contains("\"class\":\"RATE\"");
    }

    @Test
    void wrongRulesAndMissingFilesAreTold() throws IOException {
        Path rules = Files.writeString(folder.resolve("r.toml"), "[rules]\nRATE = [\"(\"]\n");
        assertThat(commandLine.execute("classify", "--rules", rules.toString(), "x"))
                .isEqualTo(ExitStatus.FAILED.code());
        assertThat(err.toString()).contains(rules + ":2");
        assertThat(commandLine.execute("classify", folder.resolve("none").toString()))
                .isEqualTo(ExitStatus.FAILED.code());
        assertThat(err.toString()).contains("none can't be read");
    }
}
