package posthaste.bounce;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import posthaste.bounce.inbound.rules.InvalidRulesException;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.bounce.inbound.rules.RuleSet;
import posthaste.service.reload.FileWatch;
import posthaste.service.reload.ReloadedFile;
import posthaste.service.reload.WrongFileException;

/** Users' rules for refusals, read again when their files change. */
final class WatchedRules {
    private static final String NAME = "bounce-rules";

    private WatchedRules() {}

    /**
     * Opens the rules of files and folders, and the shipped ones after them.
     *
     * @throws posthaste.service.settings.StartRefusedException with file, line and reason, when one
     *     is wrong now; later the rules before stay in force
     */
    static RuleBook open(List<Path> places, FileWatch files) {
        List<Supplier<RuleSet>> inForce = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            String name = i == 0 ? NAME : NAME + "-" + (i + 1);
            ReloadedFile<RuleSet> file = files.watch(name, places.get(i), WatchedRules::read);
            inForce.add(file::current);
        }
        return RuleBook.of(inForce);
    }

    private static RuleSet read(Path place) throws WrongFileException {
        try {
            return RuleSet.read(place);
        } catch (InvalidRulesException e) {
            Path file = Path.of(e.file());
            throw e.line() > 0
                    ? WrongFileException.at(file, e.line(), e.reason())
                    : WrongFileException.whole(file, e.reason());
        }
    }
}
