package posthaste.standalone.command;

import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import posthaste.bounce.inbound.rules.BounceClassifier;
import posthaste.bounce.inbound.rules.InvalidRulesException;
import posthaste.bounce.inbound.rules.RuleBook;

/** The bounce rules of an installation, as its services would read them now. */
final class RulesInForce {
    private RulesInForce() {}

    static BounceClassifier of(Environment environment) throws CommandFailedException {
        List<Path> places =
                Binder.get(environment)
                        .bind("posthaste.bounce.rules", Bindable.listOf(Path.class))
                        .orElse(List.of());
        try {
            return RuleBook.open(places).current();
        } catch (InvalidRulesException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }
}
