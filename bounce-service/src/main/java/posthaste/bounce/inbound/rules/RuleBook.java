package posthaste.bounce.inbound.rules;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules in force: those of users' files and folders first, then the shipped ones. Read whole or
 * not at all: a wrong file stops the start, and at a later reading leaves in force what was.
 */
public final class RuleBook {
    private static final Logger log = LoggerFactory.getLogger(RuleBook.class);
    private static final String SHIPPED = "shipped-rules.toml";

    private final List<Path> places;
    private volatile BounceClassifier current;

    private RuleBook(List<Path> places, BounceClassifier current) {
        this.places = places;
        this.current = current;
    }

    /** The shipped rules alone. */
    public static BounceClassifier shipped() {
        try {
            return read(List.of());
        } catch (InvalidRulesException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads all rules.
     *
     * @param places files, and folders of {@code *.toml} files taken by name; the first rule that
     *     matches decides
     * @throws InvalidRulesException naming file, line and reason
     */
    public static RuleBook open(List<Path> places) throws InvalidRulesException {
        return new RuleBook(List.copyOf(places), read(places));
    }

    public BounceClassifier current() {
        return current;
    }

    /** Reads all files again; when one is wrong, the rules read before stay in force. */
    public void reload() {
        try {
            current = read(places);
            log.info("{} bounce rules are in force", current.size());
        } catch (InvalidRulesException e) {
            log.error("{} The rules read before stay in force.", e.getMessage());
        }
    }

    private static BounceClassifier read(List<Path> places) throws InvalidRulesException {
        List<Rule> rules = new ArrayList<>();
        for (Path place : places) {
            for (Path file : files(place)) {
                rules.addAll(RuleFile.parse(file.toString(), text(file)));
            }
        }
        rules.addAll(RuleFile.parse(SHIPPED, shippedText()));
        return new BounceClassifier(rules);
    }

    private static List<Path> files(Path place) throws InvalidRulesException {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> entries = Files.list(place)) {
            return entries.filter(each -> each.toString().endsWith(".toml")).sorted().toList();
        } catch (IOException e) {
            throw new InvalidRulesException(place.toString(), "the folder can't be read: " + e);
        }
    }

    private static String text(Path file) throws InvalidRulesException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new InvalidRulesException(file.toString(), "the file can't be read: " + e);
        }
    }

    private static String shippedText() {
        try (InputStream in =
                Objects.requireNonNull(RuleBook.class.getResourceAsStream(SHIPPED), SHIPPED)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
