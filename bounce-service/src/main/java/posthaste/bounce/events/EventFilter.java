package posthaste.bounce.events;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Event;

/**
 * Which events somebody wants.
 *
 * @param kinds empty: all
 * @param streams empty: all, also events that don't say their stream
 */
public record EventFilter(Set<Event.Kind> kinds, Set<String> streams) {
    /** All kinds by their words, for sentences. */
    public static final String KINDS =
            Arrays.stream(Event.Kind.values())
                    .map(ToldEvent::word)
                    .collect(Collectors.joining(", "));

    public EventFilter {
        kinds = Set.copyOf(kinds);
        streams = Set.copyOf(streams);
    }

    /**
     * Reads the words.
     *
     * @throws IllegalArgumentException when one is no kind, or none could be a stream's name
     */
    public static EventFilter of(List<String> kinds, List<String> streams) {
        Set<Event.Kind> wanted = EnumSet.noneOf(Event.Kind.class);
        kinds.forEach(word ->
                wanted.add(kind(word).orElseThrow(() -> new IllegalArgumentException(word))));
        streams.forEach(Stream::new);
        return new EventFilter(wanted, Set.copyOf(streams));
    }

    /** The kind of a word, also written with hyphens. */
    public static Optional<Event.Kind> kind(String word) {
        String name = word.strip().replace('-', '_').toLowerCase(Locale.ROOT);
        return Arrays.stream(Event.Kind.values())
                .filter(kind -> ToldEvent.word(kind).equals(name))
                .findFirst();
    }

    public boolean wants(ToldEvent told) {
        return (kinds.isEmpty() || kinds.contains(told.entry().kind()))
                && (streams.isEmpty()
                        || told.event().stream()
                                .map(Stream::name)
                                .filter(streams::contains)
                                .isPresent());
    }
}
