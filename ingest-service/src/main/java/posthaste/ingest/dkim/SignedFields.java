package posthaste.ingest.dkim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import posthaste.ingest.message.HeaderField;

/**
 * Which fields a signature covers (RFC 6376 section 5.4).
 *
 * @param signed those that are there
 * @param oversigned these too, and that there is no further one of them (section 8.15): nobody can
 *     add a second From or Subject behind our back
 */
public record SignedFields(List<String> signed, List<String> oversigned) {
    public SignedFields {
        signed = List.copyOf(signed);
        oversigned = List.copyOf(oversigned);
    }

    /** The names for the {@code h} tag: as often as each is to be covered. */
    List<String> names(List<HeaderField> header) {
        List<String> names = new ArrayList<>();
        for (String name : oversigned) {
            times(1 + count(header, name), name, names);
        }
        for (String name : signed) {
            if (oversigned.stream().noneMatch(name::equalsIgnoreCase)) {
                times(count(header, name), name, names);
            }
        }
        return names;
    }

    /** The fields that these names mean: of each name from the last one upwards. */
    static List<HeaderField> selected(List<String> names, List<HeaderField> header) {
        Map<String, List<HeaderField>> byName = new HashMap<>();
        for (HeaderField field : header.reversed()) {
            byName.computeIfAbsent(lower(field.name()), _ -> new ArrayList<>()).add(field);
        }
        Map<String, Integer> used = new HashMap<>();
        List<HeaderField> selected = new ArrayList<>();
        for (String name : names) {
            List<HeaderField> fields = byName.getOrDefault(lower(name), List.of());
            int next = used.merge(lower(name), 1, Integer::sum) - 1;
            if (next < fields.size()) {
                selected.add(fields.get(next));
            }
        }
        return selected;
    }

    private static int count(List<HeaderField> header, String name) {
        return (int) header.stream().filter(field -> field.is(name)).count();
    }

    private static void times(int count, String name, List<String> names) {
        for (int i = 0; i < count; i++) {
            names.add(name);
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
