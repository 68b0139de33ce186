package posthaste.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import posthaste.bounce.login.LocalUsersFile;
import posthaste.bounce.operator.Role;

class PageUserCommandTest {
    @TempDir private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void whoIsAddedHasARoleThatCanBeChanged() throws Exception {
        Path file = folder.resolve("page-users");
        assertThat(run("secret\n", file, "add", "vera")).isEqualTo(ExitStatus.FINE.code());
        assertThat(run("other\n", file, "add", "Otto", "--role", "operator", "--argon2"))
                .isEqualTo(ExitStatus.FINE.code());
        assertThat(LocalUsersFile.roles(file))
                .isEqualTo(Map.of("vera", Role.VIEWER, "Otto", Role.OPERATOR));
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        assertThat(Files.readString(file)).doesNotContain("secret", "scram=");
        assertThat(isPassword(file, "secret")).isTrue();

        assertThat(run("", file, "role", "vera", "--role", "admin"))
                .isEqualTo(ExitStatus.FINE.code());
        assertThat(run("changed\n", file, "passwd", "vera")).isEqualTo(ExitStatus.FINE.code());
        assertThat(isPassword(file, "changed")).isTrue();
        run("", file, "list");
        assertThat(out.toString().lines()).containsExactly("Otto is operator", "vera is admin");

        assertThat(run("", file, "remove", "Otto")).isEqualTo(ExitStatus.FINE.code());
        assertThat(LocalUsersFile.roles(file)).containsOnlyKeys("vera");
    }

    @Test
    void whatWouldMakeTheFileWrongChangesNothing() throws Exception {
        Path file = folder.resolve("page-users");
        run("secret\n", file, "add", "vera");
        String before = Files.readString(file);
        assertThat(run("x\n", file, "add", "vera")).isEqualTo(ExitStatus.FAILED.code());
        assertThat(run("x\n", file, "add", "admin")).isEqualTo(ExitStatus.FAILED.code());
        assertThat(run("x\n", file, "passwd", "nobody")).isEqualTo(ExitStatus.FAILED.code());
        assertThat(run("", file, "remove", "nobody")).isEqualTo(ExitStatus.FAILED.code());
        assertThat(run("x\n", file, "add", "tess", "--role", "king"))
                .isEqualTo(ExitStatus.ASKED_WRONGLY.code());
        assertThat(run("", file, "role", "vera")).isEqualTo(ExitStatus.ASKED_WRONGLY.code());
        assertThat(run("x\n", file, "add")).isEqualTo(ExitStatus.ASKED_WRONGLY.code());
        assertThat(Files.readString(file)).isEqualTo(before);
        assertThat(err.toString())
                .contains("nothing was changed: the user stands here twice", "there is no user");
    }

    private static boolean isPassword(Path file, String password) throws Exception {
        String line =
                Files.readAllLines(file).stream()
                        .filter(one -> one.startsWith("user vera "))
                        .findFirst()
                        .orElseThrow();
        String hash = line.replaceAll(".*password=(?:\\{bcrypt})?([^ ]+).*", "$1");
        return new BCryptPasswordEncoder().matches(password, hash);
    }

    private int run(String input, Path file, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "page-user";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[arguments.length + 1] = "--file";
        all[arguments.length + 2] = file.toString();
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return new PosthasteCommandLine()
                    .printingTo(new PrintWriter(out), new PrintWriter(err))
                    .execute(all);
        } finally {
            System.setIn(before);
        }
    }
}
