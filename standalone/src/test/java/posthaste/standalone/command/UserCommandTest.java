package posthaste.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.ingest.auth.sasl.ScramVerifier;
import posthaste.ingest.auth.users.ApiKey;
import posthaste.ingest.auth.users.Passwords;
import posthaste.ingest.auth.users.UserFile;

class UserCommandTest {
    @TempDir private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void whoIsAddedCanLogInAndHaveAKey() throws Exception {
        Path file = folder.resolve("users");
        assertThat(run("secret\n", "user", "add", "Ann@example.org", "--file", file.toString()))
                .isEqualTo(ExitStatus.FINE.code());
        assertThat(
                        run(
                                "other\n",
                                "user",
                                "add",
                                "news",
                                "--senders",
                                "example.net",
                                "--stream",
                                "bulk",
                                "--file",
                                file.toString()))
                .isEqualTo(ExitStatus.FINE.code());
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        assertThat(scram(file, "ann@example.org").fits("secret")).isTrue();
        assertThat(Files.readString(file)).doesNotContain("secret");

        assertThat(run("changed\n", "user", "passwd", "ann@example.org", "--file", file.toString()))
                .isEqualTo(ExitStatus.FINE.code());
        assertThat(scram(file, "ann@example.org").fits("changed")).isTrue();
        assertThat(scram(file, "news").fits("other")).isTrue();

        out.getBuffer().setLength(0);
        assertThat(run("", "key", "add", "news", "web", "--file", file.toString()))
                .isEqualTo(ExitStatus.FINE.code());
        String secret = out.toString().strip();
        assertThat(UserFile.parse(file).key(ApiKey.hash(secret)))
                .hasValueSatisfying(holder -> assertThat(holder.login().name()).isEqualTo("news"));

        out.getBuffer().setLength(0);
        run("", "user", "list", "--file", file.toString());
        assertThat(out.toString().lines())
                .containsExactly(
                        "ann@example.org sends from ann@example.org",
                        "news sends from example.net into bulk",
                        "news has the key web [send]");
    }

    /** Of a service in a container, for instance, which runs as a user of its own. */
    @Test
    void theFileStaysWithWhomItBelongsTo() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root may give files away");
        Path file = Files.createFile(folder.resolve("users"));
        UserPrincipal nobody =
                file.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName("nobody");
        Files.setOwner(file, nobody);
        assertThat(run("secret\n", "user", "add", "ann@example.org", "--file", file.toString()))
                .isEqualTo(ExitStatus.FINE.code());
        assertThat(Files.getOwner(file)).isEqualTo(nobody);
    }

    @Test
    void whatWouldMakeTheFileWrongChangesNothing() throws Exception {
        Path file = folder.resolve("users");
        run("secret\n", "user", "add", "ann@example.org", "--file", file.toString());
        String before = Files.readString(file);
        assertThat(run("x\n", "user", "add", "ANN@example.org", "--file", file.toString()))
                .isEqualTo(ExitStatus.FAILED.code());
        assertThat(run("x\n", "user", "add", "nobody", "--file", file.toString()))
                .isEqualTo(ExitStatus.FAILED.code());
        assertThat(run("", "key", "add", "nobody", "web", "--file", file.toString()))
                .isEqualTo(ExitStatus.FAILED.code());
        assertThat(run("\n", "user", "passwd", "ann@example.org", "--file", file.toString()))
                .isEqualTo(ExitStatus.FAILED.code());
        assertThat(Files.readString(file)).isEqualTo(before);
        assertThat(err.toString()).contains("nothing was changed: the user has a line already");
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void aWrongFileIsToldByLine() throws Exception {
        Path file = Files.writeString(folder.resolve("users"), "user a@b.c\nuser\n");
        assertThat(run("", "user", "check", "--file", file.toString()))
                .isEqualTo(ExitStatus.FAILED.code());
        assertThat(err.toString()).contains(file + ", line 2: ");
        assertThat(run("", "user", "remove", "--file", file.toString()))
                .isEqualTo(ExitStatus.ASKED_WRONGLY.code());
        assertThat(run("", "user", "list")).isEqualTo(ExitStatus.FAILED.code());
    }

    @Test
    void aPasswordWithoutAVerifierIsFound() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("users"),
                        "user old@b.c password=" + Passwords.bcrypt("secret") + "\n");
        run("secret\n", "user", "add", "new@b.c", "--file", file.toString());
        out.getBuffer().setLength(0);

        assertThat(run("", "user", "check", "--file", file.toString()))
                .isEqualTo(ExitStatus.FOUND.code());
        assertThat(out.toString().lines()).hasSize(2).element(1).asString().startsWith("old@b.c ");

        run("secret\n", "user", "passwd", "old@b.c", "--file", file.toString());
        assertThat(run("", "user", "check", "--file", file.toString()))
                .isEqualTo(ExitStatus.FINE.code());
    }

    private static ScramVerifier scram(Path file, String name) throws Exception {
        return UserFile.parse(file).user(name).orElseThrow().scram().orElseThrow();
    }

    private int run(String input, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return new PosthasteCommandLine()
                    .printingTo(new PrintWriter(out), new PrintWriter(err))
                    .execute(arguments);
        } finally {
            System.setIn(before);
        }
    }
}
