package posthaste.ingest.policy.book;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import posthaste.service.reload.WrongFileException;

/** A value of a YAML file with its place, read as what it has to be. */
final class Entry {
    private final Path file;
    private final String key;
    private final Node node;

    /**
     * Takes a node as it was composed.
     *
     * @param key what it is called in sentences
     */
    Entry(Path file, String key, Node node) {
        this.file = file;
        this.key = key;
        this.node = node;
    }

    /** Says that this value cannot be. */
    WrongFileException wrong(String reason) {
        return WrongFileException.at(file, line(), reason);
    }

    /** Whether nothing stands after the key. */
    boolean isEmpty() {
        return node instanceof ScalarNode scalar
                && scalar.isPlain()
                && (scalar.getValue().isEmpty()
                        || scalar.getValue().equals("~")
                        || scalar.getValue().equals("null"));
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** A section whose keys are these and no others. */
    Section section(String... keys) throws WrongFileException {
        if (isEmpty()) {
            throw wrong("'" + key + "' is empty; keys and values must follow");
        }
        if (node instanceof MappingNode mapping) {
            return Section.of(file, mapping, Arrays.asList(keys));
        }
        throw wrong("'" + key + "' must have keys and values below it");
    }

    /** A section whose keys are names that the operator chose. */
    Section names() throws WrongFileException {
        if (node instanceof MappingNode mapping) {
            return Section.of(file, mapping, List.of());
        }
        throw wrong("'" + key + "' must have names with their values below it");
    }

    String text() throws WrongFileException {
        if (node instanceof ScalarNode scalar && !isEmpty()) {
            return scalar.getValue();
        }
        throw wrong("'" + key + "' must have one value");
    }

    /** A list, or one value for a list of one. */
    List<Entry> items() throws WrongFileException {
        if (node instanceof SequenceNode sequence) {
            List<Entry> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(new Entry(file, key, item));
            }
            return items;
        }
        if (node instanceof ScalarNode && !isEmpty()) {
            return List.of(this);
        }
        throw wrong("'" + key + "' must be a list");
    }

    /**
     * Reads a value that has a form of its own.
     *
     * @param form throws {@link IllegalArgumentException} with what is wrong with it
     */
    <T> T as(Function<String, T> form) throws WrongFileException {
        String text = text();
        try {
            return form.apply(text);
        } catch (IllegalArgumentException e) {
            throw wrong("'" + key + "': " + e.getMessage());
        }
    }

    <T> List<T> all(Function<String, T> form) throws WrongFileException {
        List<T> all = new ArrayList<>();
        for (Entry item : items()) {
            all.add(item.as(form));
        }
        return List.copyOf(all);
    }

    int number(int lowest, int highest) throws WrongFileException {
        String text = text();
        try {
            int number = Integer.parseInt(text);
            if (number >= lowest && number <= highest) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw notOne(text, "a whole number from " + lowest + " to " + highest);
        }
        throw notOne(text, "a whole number from " + lowest + " to " + highest);
    }

    double share() throws WrongFileException {
        String text = text();
        String what = "a share from 0.05 to 1, as 0.9";
        try {
            double share = Double.parseDouble(text);
            if (share >= 0.05 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            throw notOne(text, what);
        }
        throw notOne(text, what);
    }

    Duration duration(Duration lowest, Duration highest) throws WrongFileException {
        String text = text();
        try {
            Duration duration = DurationStyle.SIMPLE.parse(text);
            if (duration.compareTo(lowest) >= 0 && duration.compareTo(highest) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException e) {
            throw notOne(text, "a duration, as 500ms, 30s, 5m, 4h or 5d");
        }
        throw wrong(
                "'"
                        + key
                        + "' is '"
                        + text
                        + "', but must be from "
                        + lowest.toMillis()
                        + "ms to "
                        + highest.toSeconds()
                        + "s");
    }

    boolean yes() throws WrongFileException {
        return switch (text()) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw notOne(text(), "true or false");
        };
    }

    <E extends Enum<E>> E choice(Class<E> type) throws WrongFileException {
        String text = text();
        for (E one : type.getEnumConstants()) {
            if (written(one).equals(text)) {
                return one;
            }
        }
        throw notOne(
                text,
                "one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Entry::written)
                                .collect(Collectors.joining(", ")));
    }

    /** As Boot's sizes: {@code 10MB}. */
    static DataSize size(String text) {
        try {
            return DataSize.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no size; write 512KB, 64MB or 2GB", e);
        }
    }

    private WrongFileException notOne(String text, String what) {
        return wrong("'" + key + "' is '" + text + "', but must be " + what);
    }

    private static String written(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private int line() {
        return node.getStartMark().getLine() + 1;
    }
}
