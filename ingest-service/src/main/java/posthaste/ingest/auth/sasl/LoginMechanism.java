package posthaste.ingest.auth.sasl;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Name and password, each asked for; never standardised, and what many devices speak alone. */
final class LoginMechanism implements Exchange {
    private static final byte[] USER = Utf8.encode("Username:");
    private static final byte[] PASSWORD = Utf8.encode("Password:");

    private final Judge judge;
    private @Nullable String name;

    LoginMechanism(Judge judge) {
        this.judge = judge;
    }

    @Override
    public byte[] firstChallenge() {
        return USER.clone();
    }

    @Override
    public Step respond(byte[] response) {
        Optional<String> text = Utf8.decode(response);
        if (text.isEmpty()) {
            return new Step.Malformed("LOGIN is UTF-8");
        }
        if (text.get().isEmpty()) {
            return new Step.Malformed("LOGIN has a user and a password");
        }
        if (name == null) {
            name = text.get();
            return new Step.Challenge(PASSWORD);
        }
        return new Step.Judged(judge.password("", name, text.get()));
    }
}
