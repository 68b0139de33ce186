package posthaste.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.ingest.dkim.KeyFiles;

class DkimKeyCommandTest {
    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final PosthasteCommandLine commandLine =
            new PosthasteCommandLine().printingTo(new PrintWriter(out), new PrintWriter(err));

    @Test
    void theKeyIsOnesOwnAndItsRecordIsPrinted() throws Exception {
        assertThat(make("Example.org", "s1")).isEqualTo(ExitStatus.FINE.code());
        assertThat(make("example.org", "s2", "--ed25519")).isEqualTo(ExitStatus.FINE.code());
        assertThat(out.toString())
                .contains("s1._domainkey.example.org. IN TXT ( \"v=DKIM1; k=rsa; p=")
                .contains("s2._domainkey.example.org. IN TXT ( \"v=DKIM1; k=ed25519; p=")
                .doesNotContain("PRIVATE");
        Path key = folder.resolve("example.org/s1.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(new KeyFiles().parse(folder)).isNotNull();
    }

    @Test
    void anotherKeyIsNeverWrittenOver() throws Exception {
        make("example.org", "s1");
        Path key = folder.resolve("example.org/s1.pem");
        String before = Files.readString(key);
        assertThat(make("example.org", "s1")).isEqualTo(ExitStatus.FAILED.code());
        assertThat(err.toString()).contains("There is a key");
        assertThat(Files.readString(key)).isEqualTo(before);
    }

    @Test
    void whatIsNoDomainIsTold() {
        assertThat(make("../etc", "s1")).isEqualTo(ExitStatus.FAILED.code());
        assertThat(make("example.org", "a/b")).isEqualTo(ExitStatus.FAILED.code());
        assertThat(make("example.org", "a", "--bits", "1024")).isEqualTo(ExitStatus.FAILED.code());
        assertThat(err.toString()).contains("DOMAIN is", "SELECTOR is", "--bits");
        assertThat(folder).isEmptyDirectory();
    }

    private int make(String domain, String selector, String... more) {
        String[] words = new String[5 + more.length];
        words[0] = "dkim-key";
        words[1] = domain;
        words[2] = selector;
        words[3] = "--keys";
        words[4] = folder.toString();
        System.arraycopy(more, 0, words, 5, more.length);
        return commandLine.execute(words);
    }
}
