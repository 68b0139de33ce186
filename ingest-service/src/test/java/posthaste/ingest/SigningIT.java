package posthaste.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.ingest.accept.Tidying;
import posthaste.ingest.dkim.KeyAlgorithm;
import posthaste.ingest.dkim.KeyFiles;
import posthaste.ingest.dkim.KeyRing;
import posthaste.ingest.dkim.NewKey;
import posthaste.mail.status.Reply;
import posthaste.testing.Requires;

/** What we sign is verified by programs of others: OpenDKIM, and python3-dkim for Ed25519 too. */
class SigningIT {
    private static final Tidying.Rules ALL = new Tidying.Rules(true, true, true);
    private static final String FROM = "From: Ann <ann@example.org>\r\n";
    private static final Pattern OPENDKIM_GOOD =
            Pattern.compile("verification \\(s=(rsa|ed), d=example.org.*succeeded");

    /** python3-dkim reads no blank before a colon (RFC 5322 section 4.5); OpenDKIM does. */
    private static final Pattern OBSOLETE_BLANK =
            Pattern.compile(" error Unexpected characters in RFC822 header: b'[^:]+ :.*");

    /** OpenDKIM's test mode cuts lines beyond this, as a mail server in front of it would not. */
    private static final int OPENDKIM_LINE = 1000;

    @TempDir static Path folder;
    private static Path records;
    private static KeyRing keys;
    private static ListenerUnderTest ingest;

    @BeforeAll
    static void start() throws Exception {
        List<String> lines = new ArrayList<>();
        for (KeyAlgorithm algorithm : KeyAlgorithm.values()) {
            String selector = algorithm == KeyAlgorithm.RSA ? "rsa" : "ed";
            NewKey key = NewKey.generate(algorithm, 2048);
            Path file = folder.resolve("keys/example.org/" + selector + ".pem");
            Files.createDirectories(file.getParent());
            Files.writeString(file, key.pem());
            lines.add(selector + "._domainkey.example.org " + key.record());
        }
        records = Files.write(folder.resolve("records"), lines);
        keys = new KeyFiles().parse(folder.resolve("keys"));
        ingest = ListenerUnderTest.submission(ALL, () -> keys);
    }

    @AfterAll
    static void stop() {
        ingest.close();
    }

    @Test
    void signaturesHoldOverTheWholeCorpusAndOddEndsAndTamperedOnesDoNot() throws Exception {
        Map<String, byte[]> messages = new LinkedHashMap<>();
        messages.put("plain", mail("Subject: x\r\n\r\nhello\r\n"));
        messages.put("empty-body", mail("Subject: x\r\n\r\n"));
        messages.put("no-body", mail("Subject: x\r\n"));
        messages.put("blank-lines", mail("Subject: x\r\n\r\n\r\n\r\nhello\r\n \r\n\r\n\r\n"));
        messages.put(
                "blanks", mail("Subject:  a \t b\r\n\t c \r\n\r\n  hello \t world  \r\n\t\r\n"));
        messages.put("no-end", mail("Subject: x\r\n\r\nhello"));
        messages.put("eight-bit", mail("Subject: \u00fc\r\n\r\n\u00e9\u00ff\u0080\r\n"));
        messages.put("dots", mail("Subject: x\r\n\r\n.\r\n..\r\n. x\r\n"));
        messages.put(
                "two-subjects", mail("Subject: x\r\nSubject: y\r\nSubject : z\r\n\r\nhello\r\n"));
        messages.put(
                "bcc", mail("Bcc: secret@example.net,\r\n other@example.net\r\n\r\nhello\r\n"));
        messages.put(
                "signed-already",
                mail(
                        "DKIM-Signature: v=1; a=rsa-sha256; d=example.net; s=x;\r\n h=From; bh=AA==;"
                                + " b=AA==\r\nSubject: x\r\n\r\nhello\r\n"));
        corpus().forEach((name, message) -> messages.putIfAbsent(name, message));
        Map<Path, byte[]> signed = new LinkedHashMap<>();
        int unsigned = 0;
        for (Map.Entry<String, byte[]> message : messages.entrySet()) {
            byte[] relayed = relayed(message.getValue());
            if (new String(relayed, ISO_8859_1).startsWith("DKIM-Signature: v=1; a=")) {
                Path file = folder.resolve(message.getKey().replaceAll("[^A-Za-z0-9.-]", "_"));
                Files.write(file, relayed);
                signed.put(file, relayed);
            } else {
                unsigned++;
            }
        }
        assertThat(signed).hasSizeGreaterThan(100);
        assertThat(unsigned).as("those whose header does not end as a header").isLessThan(30);

        assertThat(byPython(signed.keySet().stream().toList()))
                .as("two signatures each, all good but the one that came with the mail")
                .filteredOn(line -> !line.endsWith(" ok") && !OBSOLETE_BLANK.matcher(line).find())
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith("signed-already 2 bad"));
        List<String> forOpenDkim =
                signed.entrySet().stream()
                        .filter(one -> longestLine(one.getValue()) < OPENDKIM_LINE)
                        .map(one -> one.getKey().toString())
                        .toList();
        assertThat(byOpenDkim(forOpenDkim))
                // A header of some hundred kilobytes, at which the test mode gives up.
                .filteredOn(line -> !line.endsWith("stack-overflow.txt: not read"))
                .allMatch(line -> OPENDKIM_GOOD.matcher(line).find());
    }

    @Test
    void tamperedMessagesFail() throws Exception {
        String good =
                new String(
                        relayed(mail("Subject: x\r\nTo: b@example.net\r\n\r\nhello\r\n")),
                        ISO_8859_1);
        List<String> tampered =
                List.of(
                        good.replace("hello", "hallo"),
                        good.replace("Subject: x", "Subject: y"),
                        good.replace("ann@example.org", "bob@example.org"),
                        // Oversigned: a second one breaks what was signed.
                        good.replace("Subject: x", "Subject: x\r\nSubject: y"),
                        good.replace("Subject: x", "Cc: c@example.net\r\nSubject: x"),
                        good.replace("Subject: x", "From: c@example.net\r\nSubject: x"),
                        good.replaceAll("\r\nMessage-ID:[^\r]*", ""),
                        good + "more\r\n");
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < tampered.size(); i++) {
            assertThat(tampered.get(i)).isNotEqualTo(good);
            files.add(
                    Files.write(
                            folder.resolve("tampered-" + i), tampered.get(i).getBytes(ISO_8859_1)));
        }
        assertThat(byPython(files)).isNotEmpty().noneMatch(line -> line.endsWith(" ok"));
        assertThat(byOpenDkim(files.stream().map(Path::toString).toList()))
                .isNotEmpty()
                .noneMatch(line -> line.contains("succeeded"));
    }

    @Test
    void everyKeyOfTheDomainSigns() throws Exception {
        Path file =
                Files.write(folder.resolve("two"), relayed(mail("Subject: x\r\n\r\nhello\r\n")));
        assertThat(byPython(List.of(file))).containsExactly(file + " 0 ok", file + " 1 ok");
        assertThat(Files.readString(file)).contains("a=rsa-sha256", "a=ed25519-sha256");
    }

    @Test
    void strangersAndUnclearAuthorsAreNotSigned() throws Exception {
        for (String header :
                List.of(
                        "From: a@other.example\r\n",
                        "From: a@sub.example.org\r\n",
                        "From: a@example.org, b@example.org\r\n",
                        "From: a@example.org\r\nFrom: a@example.org\r\n",
                        "Subject: x\r\n",
                        "From: a@example.org\r\nno field\r\n")) {
            assertThat(
                            new String(
                                    relayed((header + "\r\nhello\r\n").getBytes(ISO_8859_1)),
                                    ISO_8859_1))
                    .doesNotContain("DKIM-Signature");
        }
    }

    /** As the next hop gets it. */
    private static byte[] relayed(byte[] message) {
        Reply reply = ingest.accept(message);
        assertThat(reply.code()).as(reply.toString()).isEqualTo(250);
        ListenerUnderTest.Accepted mail = ingest.of(reply);
        String whole = mail.envelope().addedFields() + mail.stored();
        return (whole.endsWith("\r\n") ? whole : whole + "\r\n").getBytes(ISO_8859_1);
    }

    private static byte[] mail(String rest) {
        return (FROM + rest).getBytes(ISO_8859_1);
    }

    /** Their own From would need a key each. */
    private static Map<String, byte[]> corpus() throws IOException {
        Map<String, byte[]> messages = new LinkedHashMap<>();
        Path corpus = Requires.sharedCorpus("messages");
        try (Stream<Path> files = Files.walk(corpus)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String text =
                        new String(Files.readAllBytes(file), ISO_8859_1)
                                .replaceAll("\r\n|\r|\n", "\r\n")
                                .replace("\0", "");
                messages.put(
                        corpus.relativize(file).toString(),
                        mail(text.replaceAll("(?im)^From( *:)", "X-Was-From$1")));
            }
        }
        return messages;
    }

    private static int longestLine(byte[] message) {
        int longest = 0;
        int length = 0;
        for (byte b : message) {
            length = b == '\n' ? 0 : length + 1;
            longest = Math.max(longest, length);
        }
        return longest;
    }

    private static List<String> byPython(List<Path> files) throws Exception {
        Path script =
                Requires.repositoryRoot()
                        .resolve("ingest-service/src/test/resources/dkim-verify.py");
        Path python = Path.of("/usr/bin/python3");
        Requires.that(
                run(List.of(python.toString(), "-c", "import dkim, nacl"), "") != null,
                "python3-dkim and python3-nacl are not installed");
        String names = String.join("\n", files.stream().map(Path::toString).toList());
        List<String> lines =
                run(List.of(python.toString(), script.toString(), records.toString()), names);
        assertThat(lines).as("the verifier's output").isNotNull();
        return lines;
    }

    private static List<String> byOpenDkim(List<String> files) throws Exception {
        Path program = Requires.program("opendkim");
        Path config =
                Files.writeString(
                        folder.resolve("opendkim.conf"),
                        "TestDNSData " + records + "\nMode v\nOn-Default accept\n");
        List<String> verdicts = new ArrayList<>();
        for (String file : files) {
            List<String> lines =
                    run(List.of(program.toString(), "-x", config.toString(), "-t", file), "");
            verdicts.add(file + ": " + (lines == null ? "not read" : String.join(" ", lines)));
        }
        return verdicts;
    }

    /** Null when the program fails. */
    private static List<String> run(List<String> command, String input) throws Exception {
        Path out = Files.createTempFile(folder, "out", "");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(ISO_8859_1));
        }
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() == 0
                ? List.of(Files.readString(out, ISO_8859_1).split("\n"))
                : null;
    }
}
