package posthaste.ingest.dkim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;
import posthaste.mail.address.Domains;
import posthaste.mail.address.InvalidAddressException;
import posthaste.service.reload.FileParser;
import posthaste.service.reload.TextFile;
import posthaste.service.reload.WrongFileException;

/**
 * Reads the keys: of a folder, {@code DOMAIN/SELECTOR.pem}; of a file, lines {@code DOMAIN SELECTOR
 * FILE}, files named from where it stands. One key that cannot be used refuses them all: a domain
 * that is silently not signed any more is found out by its mails being refused.
 */
public final class KeyFiles implements FileParser<KeyRing> {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFiles.class);

    private static final String ENDING = ".pem";
    private static final DataSize KEY_LIMIT = DataSize.ofKilobytes(64);
    private static final DataSize LIST_LIMIT = DataSize.ofMegabytes(4);

    @Override
    public KeyRing parse(Path path) throws IOException, WrongFileException {
        return new KeyRing(Files.isDirectory(path) ? folder(path) : list(path));
    }

    private static List<SigningKey> folder(Path path) throws IOException, WrongFileException {
        List<SigningKey> keys = new ArrayList<>();
        for (Path domain : visible(path)) {
            if (Files.isDirectory(domain)) {
                for (Path file : visible(domain)) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(ENDING)) {
                        String selector = name.substring(0, name.length() - ENDING.length());
                        keys.add(
                                key(
                                        file,
                                        checked(file, domain.getFileName().toString()),
                                        checked(file, selector)));
                    }
                }
            } else if (domain.getFileName().toString().endsWith(ENDING)) {
                throw WrongFileException.whole(
                        domain, "a key has to stand in a folder that is called as its domain");
            }
        }
        return keys;
    }

    private static List<SigningKey> list(Path path) throws IOException, WrongFileException {
        List<SigningKey> keys = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        String[] lines = TextFile.read(path, LIST_LIMIT).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("\\s+", 3);
            if (words.length < 3) {
                throw WrongFileException.at(path, i + 1, "wants DOMAIN SELECTOR FILE");
            }
            try {
                String domain = name(words[0]);
                String selector = name(words[1]);
                if (!seen.add(domain + ' ' + selector)) {
                    throw WrongFileException.at(
                            path, i + 1, "names " + selector + " of " + domain + " again");
                }
                keys.add(key(path.resolveSibling(words[2]), domain, selector));
            } catch (InvalidAddressException e) {
                throw WrongFileException.at(path, i + 1, String.valueOf(e.getMessage()));
            } catch (InvalidPathException | NoSuchFileException _) {
                throw WrongFileException.at(path, i + 1, "there is no file " + words[2]);
            }
        }
        return keys;
    }

    private static SigningKey key(Path file, String domain, String selector)
            throws IOException, WrongFileException {
        String text = TextFile.read(file, KEY_LIMIT);
        try {
            Pem.Key key = Pem.read(text);
            warnWhenOpen(file);
            return new SigningKey(domain, selector, key.algorithm(), key.key());
        } catch (Pem.UnfitKeyException e) {
            throw WrongFileException.whole(file, String.valueOf(e.getMessage()));
        }
    }

    private static void warnWhenOpen(Path file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null
                && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
            LOG.warn("the DKIM key {} can be read by everyone on this host: chmod 640", file);
        }
    }

    private static List<Path> visible(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static String checked(Path file, String name) throws WrongFileException {
        try {
            return name(name);
        } catch (InvalidAddressException e) {
            throw WrongFileException.whole(file, String.valueOf(e.getMessage()));
        }
    }

    /** A domain, or a selector, which is one too (RFC 6376 section 3.1). */
    private static String name(String text) throws InvalidAddressException {
        if (text.chars().anyMatch(c -> c <= ' ' || c > '~' || c == '[')) {
            throw new InvalidAddressException(
                    "'" + text + "' is no domain name in ASCII (xn--... for others)");
        }
        Domains.check(text);
        return text.toLowerCase(Locale.ROOT);
    }
}
