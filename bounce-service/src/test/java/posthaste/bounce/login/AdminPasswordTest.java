package posthaste.bounce.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.service.settings.StartRefusedException;

class AdminPasswordTest {
    @TempDir Path folder;

    @Test
    void oneIsMadeOnceAndKeptForTheOwnersEyes() throws Exception {
        Path file = folder.resolve("data").resolve("admin-password");
        AdminPassword made = AdminPassword.in(file);
        String password = Files.readString(file).strip();
        assertThat(password).hasSizeGreaterThanOrEqualTo(24);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(made.matches(password)).isTrue();
        assertThat(made.matches(password + "x")).isFalse();
        assertThat(made.matches("")).isFalse();

        assertThat(AdminPassword.in(file).matches(password)).isTrue();
        assertThat(Files.readString(file).strip()).isEqualTo(password);
    }

    @Test
    void anEmptyFileStopsTheStart() throws Exception {
        Path file = Files.createFile(folder.resolve("admin-password"));
        assertThatThrownBy(() -> AdminPassword.in(file))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aFolderThatCannotHoldItStopsTheStart() throws Exception {
        Path file = Files.createFile(folder.resolve("file")).resolve("admin-password");
        assertThatThrownBy(() -> AdminPassword.in(file))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("cannot be kept in");
    }
}
