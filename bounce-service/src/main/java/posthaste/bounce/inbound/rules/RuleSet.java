package posthaste.bounce.inbound.rules;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rules of one file, or of a folder's {@code *.toml} files taken by name; read whole or not at
 * all.
 */
public final class RuleSet {
    /** Octets of a rule file: the shipped one has a hundredth of it. */
    private static final int FILE_LIMIT = 4 << 20;

    private final List<Rule> rules;
    private final byte[] text;

    private RuleSet(List<Rule> rules, byte[] text) {
        this.rules = List.copyOf(rules);
        this.text = text;
    }

    /**
     * Reads a file or a folder.
     *
     * @throws InvalidRulesException naming file, line and reason
     */
    public static RuleSet read(Path place) throws InvalidRulesException {
        List<Rule> rules = new ArrayList<>();
        ByteArrayOutputStream texts = new ByteArrayOutputStream();
        for (Path file : files(place)) {
            String text = text(file);
            rules.addAll(RuleFile.parse(file.toString(), text));
            texts.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        }
        return new RuleSet(rules, texts.toByteArray());
    }

    static RuleSet of(String name, String toml) throws InvalidRulesException {
        return new RuleSet(RuleFile.parse(name, toml), toml.getBytes(StandardCharsets.UTF_8));
    }

    /** One classifier of several sets: the rules of the first are tried first. */
    static BounceClassifier classifier(List<RuleSet> sets) {
        MessageDigest digest = sha256();
        List<Rule> all = new ArrayList<>();
        for (RuleSet set : sets) {
            all.addAll(set.rules);
            digest.update(set.text);
        }
        return new BounceClassifier(all, HexFormat.of().formatHex(digest.digest(), 0, 8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JVM has SHA-256", e);
        }
    }

    private static List<Path> files(Path place) throws InvalidRulesException {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> entries = Files.list(place)) {
            return entries.filter(each -> each.toString().endsWith(".toml")).sorted().toList();
        } catch (IOException e) {
            throw new InvalidRulesException(place.toString(), 0, "the folder can't be read: " + e);
        }
    }

    private static String text(Path file) throws InvalidRulesException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(FILE_LIMIT + 1);
        } catch (NoSuchFileException e) {
            throw new InvalidRulesException(file.toString(), 0, "there is no such file");
        } catch (IOException e) {
            throw new InvalidRulesException(file.toString(), 0, "the file can't be read: " + e);
        }
        if (bytes.length > FILE_LIMIT) {
            throw new InvalidRulesException(
                    file.toString(), 0, "it is larger than " + FILE_LIMIT + " bytes");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidRulesException(file.toString(), 0, "it is not UTF-8");
        }
    }
}
