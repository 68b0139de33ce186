package posthaste.ingest.auth.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import posthaste.mail.envelope.Stream;
import posthaste.service.reload.WrongFileException;

class UserFileTest {
    private static final String HASH = new BCryptPasswordEncoder(4).encode("secret");

    @TempDir private Path folder;

    @Test
    void usersAndKeysOneALine() throws Exception {
        String secret = ApiKey.newSecret();
        UserFile.Content content =
                read(
                        """
                        # people
                        user Alice@Example.org password={bcrypt}%s

                        user news password=%s senders=example.net,*.example.net stream=bulk
                        key web user=NEWS hash=%s scopes=send,status
                        """
                                .formatted(HASH, HASH, ApiKey.hash(secret)));
        User alice = content.user("alice@example.org").orElseThrow();
        assertThat(alice.login().senders()).containsExactly("alice@example.org");
        User news = content.user("news").orElseThrow();
        assertThat(news.login().senders()).containsExactly("example.net", "*.example.net");
        assertThat(news.login().stream()).isEqualTo(Optional.of(new Stream("bulk")));
        ApiKeys.KeyHolder holder = content.key(ApiKey.hash(secret)).orElseThrow();
        assertThat(holder.login()).isEqualTo(news.login());
        assertThat(holder.scopes()).containsExactlyInAnyOrder("send", "status");
        assertThat(content.key(ApiKey.hash("other"))).isEmpty();
    }

    @Test
    void aWrongLineIsNamedWithItsReasonAndWithoutASecret() {
        wrong("users alice", "line 2: a line begins with 'user' or 'key'");
        wrong("user", "line 2: a line is 'user NAME ...' or 'key NAME ...'");
        wrong("user a@b.c password=hunter2", "line 2: password= is not a BCrypt or Argon2 hash");
        wrong("user a@b.c hunter2", "line 2: word 3 is not NAME=VALUE");
        wrong("user a@b.c scram=hunter2", "line 2: scram= is not SCRAM-SHA-256$");
        wrong("user alice password=" + HASH, "line 2: senders= is missing, and the name is no");
        wrong("user a senders=a@@b password=" + HASH, "line 2: senders= are addresses, domains");
        wrong("user a@b.c stream=BULK", "line 2: stream= is no name of a stream");
        wrong("user a@b.c colour=red", "line 2: colour= is not known here");
        wrong("user a@b.c stream=a stream=b", "line 2: stream= is given twice");
        wrong("user a@b.c\nuser A@b.c", "line 3: the user has a line already");
        wrong("key k user=a@b.c hash=sha256:" + "0".repeat(64), "line 2: no line has the user");
        wrong("user a@b.c\nkey k user=a@b.c hash=secret", "line 3: hash= is not sha256:");
    }

    private void wrong(String line, String reason) {
        assertThatThrownBy(() -> read("# first\n" + line + "\n"))
                .isInstanceOf(WrongFileException.class)
                .hasMessageContaining("users, " + reason)
                .hasMessageNotContaining("hunter2");
    }

    private UserFile.Content read(String text) throws Exception {
        return UserFile.parse(Files.writeString(folder.resolve("users"), text));
    }
}
