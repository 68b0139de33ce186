package posthaste.ingest.auth.sasl;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A bearer token among pairs that end with {@code ^A}, {@code auth=Bearer TOKEN} one of them. A
 * refusal is told as a JSON challenge, which the client answers by a dummy, before the reply.
 */
final class BearerExchange implements Exchange {
    private static final String SEPARATOR = "\u0001";
    private static final String USER = "user=";

    private final Judge judge;
    private final Function<String, Optional<String>> name;
    private final byte[] refusalToTell;
    private final Step.Malformed noBearer;
    private @Nullable Verdict refusal;

    private BearerExchange(
            Judge judge,
            Function<String, Optional<String>> name,
            String refusalToTell,
            String shape) {
        this.judge = judge;
        this.name = name;
        this.refusalToTell = Utf8.encode(refusalToTell);
        this.noBearer = new Step.Malformed(shape);
    }

    /** RFC 7628: a GS2 header, then the pairs. */
    static BearerExchange oauthBearer(Judge judge) {
        return new BearerExchange(
                judge,
                first ->
                        Gs2Header.parse(first)
                                .filter(header -> header.rest().isEmpty())
                                .map(Gs2Header::authzid),
                "{\"status\":\"invalid_token\"}",
                "OAUTHBEARER is a GS2 header and auth=Bearer TOKEN");
    }

    /** What was there before, and what many clients still speak: {@code user=NAME} comes first. */
    static BearerExchange xoauth2(Judge judge) {
        return new BearerExchange(
                judge,
                first ->
                        Optional.of(first)
                                .filter(pair -> pair.startsWith(USER))
                                .map(pair -> pair.substring(USER.length()))
                                .filter(user -> !user.isEmpty()),
                "{\"status\":\"401\",\"schemes\":\"bearer\"}",
                "XOAUTH2 is user=NAME and auth=Bearer TOKEN");
    }

    @Override
    public Step respond(byte[] response) {
        if (refusal != null) {
            return new Step.Judged(refusal);
        }
        Optional<String> text = Utf8.decode(response);
        if (text.isEmpty() || !text.get().endsWith(SEPARATOR + SEPARATOR)) {
            return noBearer;
        }
        String[] parts = text.get().split(SEPARATOR, -1);
        Optional<String> claimed = name.apply(parts[0]);
        Optional<String> token = BearerToken.in(parts);
        if (claimed.isEmpty() || token.isEmpty()) {
            return noBearer;
        }
        Verdict verdict = judge.token(claimed.get(), token.get());
        if (verdict instanceof Verdict.Refused) {
            refusal = verdict;
            return new Step.Challenge(refusalToTell);
        }
        return new Step.Judged(verdict);
    }
}
