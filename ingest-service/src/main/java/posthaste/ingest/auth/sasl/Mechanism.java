package posthaste.ingest.auth.sasl;

import java.util.Locale;
import java.util.Optional;

/** The mechanisms that we know, the safest first: clients take the first that they know. */
public enum Mechanism {
    SCRAM_SHA_256("SCRAM-SHA-256"),
    OAUTHBEARER("OAUTHBEARER"),
    XOAUTH2("XOAUTH2"),
    PLAIN("PLAIN"),
    LOGIN("LOGIN");

    private final String wireName;

    Mechanism(String wireName) {
        this.wireName = wireName;
    }

    /** As EHLO has it. */
    public String wireName() {
        return wireName;
    }

    /** Whether it carries a token and no password. */
    public boolean isByToken() {
        return this == OAUTHBEARER || this == XOAUTH2;
    }

    /** A run of it. */
    public Exchange begin(Judge judge) {
        return switch (this) {
            case SCRAM_SHA_256 -> new ScramSha256(judge);
            case OAUTHBEARER -> BearerExchange.oauthBearer(judge);
            case XOAUTH2 -> BearerExchange.xoauth2(judge);
            case PLAIN -> new Plain(judge);
            case LOGIN -> new LoginMechanism(judge);
        };
    }

    /** By its name, in whatever case. */
    public static Optional<Mechanism> named(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        for (Mechanism mechanism : values()) {
            if (mechanism.wireName.equals(upper)) {
                return Optional.of(mechanism);
            }
        }
        return Optional.empty();
    }
}
