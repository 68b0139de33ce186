package posthaste.ingest.auth.sasl;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was there before OAUTHBEARER, and what many clients still speak: {@code user=NAME ^A
 * auth=Bearer TOKEN ^A ^A}.
 */
final class XOauth2 implements Exchange {
    private static final String SEPARATOR = "\u0001";
    private static final String USER = "user=";
    private static final byte[] ERROR = Utf8.encode("{\"status\":\"401\",\"schemes\":\"bearer\"}");
    private static final Step NO_BEARER =
            new Step.Malformed("XOAUTH2 is user=NAME and auth=Bearer TOKEN");

    private final Judge judge;
    private @Nullable Verdict refusal;

    XOauth2(Judge judge) {
        this.judge = judge;
    }

    @Override
    public Step respond(byte[] response) {
        if (refusal != null) {
            return new Step.Judged(refusal);
        }
        Optional<String> text = Utf8.decode(response);
        if (text.isEmpty() || !text.get().endsWith(SEPARATOR + SEPARATOR)) {
            return NO_BEARER;
        }
        String[] parts = text.get().split(SEPARATOR, -1);
        Optional<String> token = BearerToken.in(parts);
        if (token.isEmpty() || !parts[0].startsWith(USER) || parts[0].length() == USER.length()) {
            return NO_BEARER;
        }
        Verdict verdict = judge.token(parts[0].substring(USER.length()), token.get());
        if (verdict instanceof Verdict.Refused) {
            refusal = verdict;
            return new Step.Challenge(ERROR);
        }
        return new Step.Judged(verdict);
    }
}
