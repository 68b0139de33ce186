package posthaste.bounce.suppression;

import java.util.Optional;
import posthaste.service.suppression.SuppressionClass;

/**
 * What of the list is asked for.
 *
 * @param address normalised: its beginning, or {@code @} and a whole domain; empty: any
 * @param suppressionClass only these
 * @param stream {@code *} asks for entries for all streams; empty: any
 * @param removed those that were taken out, instead of those that hold
 * @param after address and stream of the last entry of the page before
 * @param limit entries at most
 */
public record SuppressionQuery(
        String address,
        Optional<SuppressionClass> suppressionClass,
        Optional<String> stream,
        boolean removed,
        Optional<After> after,
        int limit) {
    /** Entries of a page at most. */
    public static final int LIMIT = 1000;

    /** Where a page goes on. */
    public record After(String address, String stream) {}

    /** The page after one that ended with this entry. */
    SuppressionQuery from(ListedAddress last) {
        return new SuppressionQuery(
                address,
                suppressionClass,
                stream,
                removed,
                Optional.of(new After(last.address(), last.stream())),
                limit);
    }
}
