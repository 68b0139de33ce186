package posthaste.ingest.policy.book;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import posthaste.service.reload.WrongFileException;

/** The keys of a mapping in a YAML file. */
final class Section {
    private final Map<String, Entry> entries;

    private Section(Map<String, Entry> entries) {
        this.entries = entries;
    }

    static Section empty() {
        return new Section(Map.of());
    }

    /**
     * Takes a mapping.
     *
     * @param known keys; empty: any
     * @throws WrongFileException at a key that is not known, or given twice
     */
    static Section of(Path file, MappingNode mapping, List<String> known)
            throws WrongFileException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int line = tuple.getKeyNode().getStartMark().getLine() + 1;
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
                throw WrongFileException.at(file, line, "a key must be a word");
            }
            String key = name.getValue();
            if (!known.isEmpty() && !known.contains(key)) {
                throw WrongFileException.at(file, line, unknown(key, known));
            }
            if (entries.put(key, new Entry(file, key, tuple.getValueNode())) != null) {
                throw WrongFileException.at(file, line, "'" + key + "' is given twice");
            }
        }
        return new Section(entries);
    }

    /** What is given for a key; a key with nothing after it is not given. */
    Optional<Entry> get(String key) {
        return Optional.ofNullable(entries.get(key)).filter(entry -> !entry.isEmpty());
    }

    boolean has(String key) {
        return get(key).isPresent();
    }

    /** All of it, in the order of the file. */
    Set<Map.Entry<String, Entry>> all() {
        return entries.entrySet();
    }

    private static String unknown(String key, List<String> known) {
        String nearest =
                known.stream()
                        .min(Comparator.comparingInt(one -> distance(key, one)))
                        .orElseThrow();
        int far = Math.max(2, nearest.length() / 2);
        return "'"
                + key
                + "' is no key here; "
                + (distance(key, nearest) <= far
                        ? "did you mean '" + nearest + "'?"
                        : "known are " + String.join(", ", known));
    }

    /** Levenshtein's: letters to insert, leave out or change. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
