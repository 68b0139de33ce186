package posthaste.ingest.auth.sasl;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A bearer token (RFC 7628): {@code gs2-header ^A key=value ^A ... ^A ^A}. A refusal is told as a
 * JSON challenge, which the client answers by a dummy, before the reply.
 */
final class OauthBearer implements Exchange {
    private static final String SEPARATOR = "\u0001";
    private static final byte[] ERROR = Utf8.encode("{\"status\":\"invalid_token\"}");
    private static final Step NO_BEARER =
            new Step.Malformed("OAUTHBEARER is a GS2 header and auth=Bearer TOKEN");

    private final Judge judge;
    private @Nullable Verdict refusal;

    OauthBearer(Judge judge) {
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
        Optional<Gs2Header> header = Gs2Header.parse(parts[0]);
        if (header.isEmpty() || !header.get().rest().isEmpty()) {
            return NO_BEARER;
        }
        Optional<String> token = BearerToken.in(parts);
        if (token.isEmpty()) {
            return NO_BEARER;
        }
        Verdict verdict = judge.token(header.get().authzid(), token.get());
        if (verdict instanceof Verdict.Refused) {
            refusal = verdict;
            return new Step.Challenge(ERROR);
        }
        return new Step.Judged(verdict);
    }
}
