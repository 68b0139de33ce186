package posthaste.outbound.routing;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something for domains by pattern: the exact domain, then the longest wildcard, then {@code *}.
 *
 * @param <T> what is found
 */
public final class DomainPatterns<T> {
    private static final Pattern DOMAIN =
            Pattern.compile(
                    "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*");

    private final Map<String, T> exact = new HashMap<>();
    private final Map<String, T> bySuffix = new HashMap<>();
    private final @Nullable T everythingElse;

    /**
     * Reads the patterns.
     *
     * @throws IllegalArgumentException when one is neither a domain, nor {@code *.domain}, nor
     *     {@code *}
     */
    public DomainPatterns(Map<String, T> byPattern) {
        T rest = null;
        for (Map.Entry<String, T> each : byPattern.entrySet()) {
            String pattern = each.getKey().toLowerCase(Locale.ROOT);
            if (pattern.equals("*")) {
                rest = each.getValue();
            } else if (pattern.startsWith("*.") && DOMAIN.matcher(pattern.substring(2)).matches()) {
                bySuffix.put(pattern.substring(2), each.getValue());
            } else if (DOMAIN.matcher(pattern).matches()) {
                exact.put(pattern, each.getValue());
            } else {
                throw new IllegalArgumentException(
                        "a route is for example.org, *.example.org or *, not: " + each.getKey());
            }
        }
        this.everythingElse = rest;
    }

    /**
     * What there is for a domain.
     *
     * @param domain in A-labels, lower case, or an address literal
     */
    public Optional<T> find(String domain) {
        T found = exact.get(domain);
        String rest = domain;
        int dot;
        while (found == null && (dot = rest.indexOf('.')) >= 0) {
            rest = rest.substring(dot + 1);
            found = bySuffix.get(rest);
        }
        return Optional.ofNullable(found != null ? found : everythingElse);
    }
}
