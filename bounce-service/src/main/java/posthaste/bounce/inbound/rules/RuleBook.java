package posthaste.bounce.inbound.rules;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The rules in force: those of users' files and folders first, then the shipped ones. Users' files
 * may change: whoever watches them supplies what is in force of each, and asks here for all.
 */
public final class RuleBook {
    private static final List<String> SHIPPED =
            List.of("provider-codes.toml", "shipped-rules.toml");

    private final List<Supplier<RuleSet>> users;
    private final List<RuleSet> shipped;
    private volatile InForce inForce;

    /** A classifier, and the sets that it was made of. */
    private record InForce(List<RuleSet> sets, BounceClassifier classifier) {
        static InForce of(List<RuleSet> sets) {
            return new InForce(sets, RuleSet.classifier(sets));
        }

        boolean isOf(List<RuleSet> others) {
            for (int i = 0; i < sets.size(); i++) {
                if (sets.get(i) != others.get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    private RuleBook(List<Supplier<RuleSet>> users, List<RuleSet> shipped) {
        this.users = List.copyOf(users);
        this.shipped = shipped;
        this.inForce = InForce.of(sets());
    }

    /** The shipped rules alone. */
    public static BounceClassifier shipped() {
        return RuleSet.classifier(shippedSets());
    }

    /**
     * Rules that stay as they are now.
     *
     * @param places files, and folders of {@code *.toml} files taken by name; the first rule that
     *     matches decides
     * @throws InvalidRulesException naming file, line and reason
     */
    public static RuleBook open(List<Path> places) throws InvalidRulesException {
        List<Supplier<RuleSet>> users = new ArrayList<>();
        for (Path place : places) {
            RuleSet read = RuleSet.read(place);
            users.add(() -> read);
        }
        return of(users);
    }

    /**
     * Rules that may change.
     *
     * @param users what is in force of each place, the first before the others; the same object
     *     each time until it changes
     */
    public static RuleBook of(List<Supplier<RuleSet>> users) {
        return new RuleBook(users, shippedSets());
    }

    /** By all rules that are in force now. Cheap: it is made anew only after a change. */
    public BounceClassifier current() {
        List<RuleSet> now = sets();
        InForce known = inForce;
        if (!known.isOf(now)) {
            known = InForce.of(now);
            inForce = known;
        }
        return known.classifier();
    }

    private List<RuleSet> sets() {
        List<RuleSet> sets = new ArrayList<>(users.size() + shipped.size());
        for (Supplier<RuleSet> each : users) {
            sets.add(each.get());
        }
        sets.addAll(shipped);
        return sets;
    }

    private static List<RuleSet> shippedSets() {
        List<RuleSet> sets = new ArrayList<>();
        try {
            for (String name : SHIPPED) {
                sets.add(RuleSet.of(name, text(name)));
            }
        } catch (InvalidRulesException e) {
            throw new IllegalStateException(e);
        }
        return sets;
    }

    private static String text(String name) {
        try (InputStream in =
                Objects.requireNonNull(RuleBook.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
