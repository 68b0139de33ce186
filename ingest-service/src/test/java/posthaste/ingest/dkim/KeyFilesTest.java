package posthaste.ingest.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.service.reload.FileWatch;
import posthaste.service.reload.ReloadedFile;
import posthaste.service.settings.StartRefusedException;

class KeyFilesTest {
    private static final String RSA = NewKey.generate(KeyAlgorithm.RSA, 2048).pem();
    private static final String ED25519 = NewKey.generate(KeyAlgorithm.ED25519, 0).pem();

    @TempDir private Path folder;

    @Test
    void aFolderHoldsTheKeysOfEachDomainByTheirSelectors() throws Exception {
        put("example.org/a.pem", RSA);
        put("example.org/b.pem", ED25519);
        put("Other.example/s.2026.pem", ED25519);
        put("other.example/readme.txt", "no key");
        KeyRing keys = new KeyFiles().parse(folder);
        assertThat(keys.of("example.org", false))
                .extracting(SigningKey::selector, SigningKey::algorithm)
                .containsExactly(tuple("a", KeyAlgorithm.RSA), tuple("b", KeyAlgorithm.ED25519));
        assertThat(keys.of("other.example", false))
                .extracting(SigningKey::selector)
                .containsExactly("s.2026");
    }

    @Test
    void aParentDomainSignsByChoice() throws Exception {
        put("example.org/a.pem", ED25519);
        KeyRing keys = new KeyFiles().parse(folder);
        assertThat(keys.of("a.b.example.org", false)).isEmpty();
        assertThat(keys.of("a.b.example.org", true)).hasSize(1);
        assertThat(keys.of("badexample.org", true)).isEmpty();
    }

    @Test
    void aListNamesKeysFromWhereItStands() throws Exception {
        put("keys/one.pem", ED25519);
        Path list = put("list", "# domain selector file\nexample.org s1 keys/one.pem\n\n");
        assertThat(new KeyFiles().parse(list).of("example.org", false)).hasSize(1);

        put("list", "example.org s1 keys/one.pem\nexample.org s2 keys/two.pem\n");
        assertThatThrownBy(() -> new KeyFiles().parse(list))
                .hasMessageContaining("line 2: there is no file keys/two.pem");
        put("list", "example.org s1\n");
        assertThatThrownBy(() -> new KeyFiles().parse(list)).hasMessageContaining("line 1");
        put("list", "exa_mple..org s1 keys/one.pem\n");
        assertThatThrownBy(() -> new KeyFiles().parse(list)).hasMessageContaining("line 1");
    }

    @Test
    void whatOpenSslWritesIsRead() throws Exception {
        var pair = KeyPairGenerator.getInstance("RSA");
        pair.initialize(2048);
        byte[] pkcs8 = pair.generateKeyPair().getPrivate().getEncoded();
        // What openssl genrsa -traditional writes: without the 26 octets around it.
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        put(
                "example.org/old.pem",
                "-----BEGIN RSA PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(pkcs1)
                        + "\n-----END RSA PRIVATE KEY-----\n");
        assertThat(new KeyFiles().parse(folder).of("example.org", false)).hasSize(1);
    }

    @Test
    void aKeyThatCannotBeUsedIsNamedWithItsReason() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1024);
        String weak = pem(rsa.generateKeyPair().getPrivate().getEncoded());
        String curve =
                pem(KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate().getEncoded());
        String ed448 =
                pem(
                        KeyPairGenerator.getInstance("Ed448")
                                .generateKeyPair()
                                .getPrivate()
                                .getEncoded());
        assertRefused(weak, "RSA key of 1024 bits");
        assertRefused(curve, "neither RSA nor Ed25519");
        assertRefused(ed448, "neither RSA nor Ed25519");
        assertRefused("", "no private key");
        assertRefused(RSA.substring(0, 500), "no private key");
        assertRefused(RSA.replace("M", ""), "holds a private key");
        assertRefused(
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
                "encrypted");
        Files.delete(folder.resolve("example.org/a.pem"));
        put("stray.pem", RSA);
        assertThatThrownBy(() -> new KeyFiles().parse(folder)).hasMessageContaining("stray.pem");
    }

    @Test
    void aBrokenKeyRefusesTheStartAndALaterOneLeavesTheOldInForce() throws Exception {
        try (FileWatch watch = new FileWatch(Duration.ofHours(1), new SimpleMeterRegistry())) {
            Path file = put("example.org/a.pem", "broken");
            assertThatThrownBy(() -> watch.watch("dkim-keys", folder, new KeyFiles()))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("no private key");

            put("example.org/a.pem", ED25519);
            ReloadedFile<KeyRing> keys = watch.watch("dkim-keys", folder, new KeyFiles());
            put("example.org/b.pem", "broken");
            watch.look();
            watch.look();
            assertThat(selectors(keys)).containsExactly("a");

            put("example.org/b.pem", RSA);
            watch.look();
            watch.look();
            assertThat(selectors(keys)).containsExactly("a", "b");
        }
    }

    @Test
    void aNewKeyIsReadAndItsRecordFitsInStringsOfDns() throws Exception {
        NewKey key = NewKey.generate(KeyAlgorithm.RSA, 2048);
        put("example.org/n.pem", key.pem());
        assertThat(new KeyFiles().parse(folder).of("example.org", false)).hasSize(1);
        assertThat(key.record()).startsWith("v=DKIM1; k=rsa; p=MII");
        assertThat(key.zoneLine("example.org", "n"))
                .startsWith("n._domainkey.example.org. IN TXT ( \"v=DKIM1;")
                .matches("[^\"]*(\"[^\"]{1,255}\" )+\\)");
        assertThat(NewKey.generate(KeyAlgorithm.ED25519, 0).record())
                .matches("v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=");
    }

    private static List<String> selectors(ReloadedFile<KeyRing> keys) {
        return keys.current().of("example.org", false).stream().map(SigningKey::selector).toList();
    }

    private void assertRefused(String pem, String reason) throws Exception {
        Path file = put("example.org/a.pem", pem);
        assertThatThrownBy(() -> new KeyFiles().parse(folder))
                .hasMessageContaining(file.toString())
                .hasMessageContaining(reason);
    }

    private Path put(String name, String text) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static String pem(byte[] key) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(key)
                + "\n-----END PRIVATE KEY-----\n";
    }
}
