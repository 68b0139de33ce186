package posthaste.ingest.dkim;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All keys, by domain. */
public final class KeyRing {
    private final Map<String, List<SigningKey>> byDomain;

    KeyRing(Collection<SigningKey> keys) {
        this.byDomain =
                Map.copyOf(keys.stream().collect(Collectors.groupingBy(SigningKey::domain)));
    }

    /** No keys: nothing is signed. */
    public static KeyRing empty() {
        return new KeyRing(List.of());
    }

    /**
     * The keys for mail from a domain: its own.
     *
     * @param domain in lower case and A-labels
     * @param parents whether those of the nearest parent domain that has any stand in
     */
    List<SigningKey> of(String domain, boolean parents) {
        for (String name = domain; !name.isEmpty(); name = parents ? parent(name) : "") {
            List<SigningKey> keys = byDomain.get(name);
            if (keys != null) {
                return keys;
            }
        }
        return List.of();
    }

    private static String parent(String domain) {
        int dot = domain.indexOf('.');
        return dot < 0 ? "" : domain.substring(dot + 1);
    }
}
