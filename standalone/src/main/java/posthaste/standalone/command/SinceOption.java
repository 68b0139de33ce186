package posthaste.standalone.command;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import posthaste.bounce.rest.SearchParameters;
import posthaste.bounce.rest.WrongParameterException;

/** The option {@code --since}: the times that a search takes. */
final class SinceOption {
    private SinceOption() {}

    static Optional<Instant> read(PosthasteCommand command, @Nullable String given, Instant now) {
        if (given == null) {
            return Optional.empty();
        }
        try {
            return SearchParameters.read(Map.of("from", List.of(given)), now, 1).from();
        } catch (WrongParameterException e) {
            throw command.askedWrongly("--since must be " + e.allowed() + ".");
        }
    }
}
