package posthaste.standalone.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import posthaste.ingest.dkim.KeyAlgorithm;
import posthaste.ingest.dkim.NewKey;
import posthaste.mail.address.Domains;
import posthaste.mail.address.InvalidAddressException;

/** Makes a key for DKIM signatures, and says what is to stand in DNS. */
@Command(
        name = "dkim-key",
        description =
                "makes a key that signs a domain's mail, and prints the DNS record of its public half")
final class DkimKeyCommand extends PosthasteCommand {
    private static final String PROPERTY = "posthaste.dkim.keys";

    @Parameters(index = "0", paramLabel = "DOMAIN", description = "whose mail it signs")
    private String domain = "";

    @Parameters(
            index = "1",
            paramLabel = "SELECTOR",
            description = "a name for the key, one that was not used before: 2026a")
    private String selector = "";

    @Option(
            names = "--ed25519",
            description = "an Ed25519 key, which not all verifiers know: beside one of RSA")
    private boolean ed25519;

    @Option(
            names = "--bits",
            paramLabel = "BITS",
            description = "of an RSA key: 2048 (default), 3072 or 4096")
    private int bits = 2048;

    @Option(
            names = "--keys",
            paramLabel = "FOLDER",
            description = "where keys are (default: " + PROPERTY + ", else data/dkim)")
    private Path folder = Path.of("");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    protected ExitStatus carryOut() throws CommandFailedException {
        String signing = name("DOMAIN", domain);
        String named = name("SELECTOR", selector);
        if (bits != 2048 && bits != 3072 && bits != 4096) {
            throw new CommandFailedException("--bits is 2048, 3072 or 4096, but not " + bits + ".");
        }
        Path keys = place();
        Path file = keys.resolve(signing).resolve(named + ".pem");
        NewKey key = NewKey.generate(ed25519 ? KeyAlgorithm.ED25519 : KeyAlgorithm.RSA, bits);
        write(file, key.pem());
        PrintWriter out = spec.commandLine().getOut();
        out.println("The key is in " + file + ". Publish this record, then have it used:");
        out.println();
        out.println(key.zoneLine(signing, named));
        out.println();
        out.println("It signs once " + PROPERTY + "=" + keys + " is set; a running Posthaste");
        out.println("that has this set already takes it within seconds: publish first.");
        out.flush();
        return ExitStatus.FINE;
    }

    private Path place() throws CommandFailedException {
        if (!folder.toString().isEmpty()) {
            return folder;
        }
        String configured = settings().properties().getOrDefault(PROPERTY, "");
        Path place = configured.isEmpty() ? Path.of("data", "dkim") : Path.of(configured);
        if (Files.isRegularFile(place)) {
            throw new CommandFailedException(
                    PROPERTY + " is " + place + ", a list of keys: say --keys FOLDER.");
        }
        return place;
    }

    /** Readable by its owner alone, and never over another key. */
    private static void write(Path file, String pem) throws CommandFailedException {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileAttribute<?>[] mode =
                    file.getFileSystem().supportedFileAttributeViews().contains("posix")
                            ? new FileAttribute<?>[] {
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rw-------"))
                            }
                            : new FileAttribute<?>[0];
            Files.createFile(file, mode);
            Files.writeString(file, pem, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailedException(
                    "There is a key " + e.getFile() + " already: choose another selector.");
        } catch (IOException e) {
            throw new CommandFailedException("The key cannot be written: " + e + ".");
        }
    }

    private static String name(String what, String text) throws CommandFailedException {
        try {
            String ascii = Domains.toAscii(text).toLowerCase(Locale.ROOT);
            Domains.check(ascii);
            if (ascii.startsWith("[")) {
                throw new InvalidAddressException("an address has no keys");
            }
            return ascii;
        } catch (InvalidAddressException | IllegalArgumentException e) {
            throw new CommandFailedException(
                    what + " is '" + text + "', which is none: " + e.getMessage() + ".");
        }
    }
}
