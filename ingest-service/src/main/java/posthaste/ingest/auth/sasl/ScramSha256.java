package posthaste.ingest.auth.sasl;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import posthaste.ingest.auth.sasl.Judge.JudgeAwayException;

/**
 * The password's knowledge is proven, and never told (RFC 5802, RFC 7677). Without channel binding:
 * who stands between with a certificate that the client believes is not noticed.
 */
final class ScramSha256 implements Exchange {
    private static final int NONCE_OCTETS = 18;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Extensions may follow; one that must be understood ({@code m=}) would come first. */
    private static final Pattern FIRST =
            Pattern.compile("n=([^,]+),r=([\\x21-\\x2b\\x2d-\\x7e]+)(?:,.*)?");

    private static final Pattern FINAL =
            Pattern.compile("(c=([^,]+),r=([^,]+)(?:,[^,]+)*),p=([A-Za-z0-9+/]{43}=)");

    private enum State {
        FIRST,
        FINAL,
        OVER
    }

    private final Judge judge;
    private final Supplier<String> nonces;
    private State state = State.FIRST;
    private @Nullable Gs2Header header;
    private @Nullable ScramVerifier verifier;
    private @Nullable Verdict verdict;
    private String name = "";
    private String nonce = "";
    private String firstMessages = "";

    ScramSha256(Judge judge) {
        this(judge, ScramSha256::nonce);
    }

    /** With the server's nonces as given, for the test vectors of the RFCs. */
    ScramSha256(Judge judge, Supplier<String> nonces) {
        this.judge = judge;
        this.nonces = nonces;
    }

    @Override
    public Step respond(byte[] response) {
        Optional<String> text = Utf8.decode(response);
        if (text.isEmpty()) {
            return new Step.Malformed("SCRAM is UTF-8");
        }
        return switch (state) {
            case FIRST -> first(text.get());
            case FINAL -> last(text.get());
            case OVER ->
                    verdict == null || !text.get().isEmpty()
                            ? new Step.Malformed("the last response is empty")
                            : new Step.Judged(verdict);
        };
    }

    private Step first(String message) {
        Optional<Gs2Header> gs2 = Gs2Header.parse(message);
        if (gs2.isEmpty()) {
            return new Step.Malformed("no GS2 header, or one that asks for a channel binding");
        }
        Matcher bare = FIRST.matcher(gs2.get().rest());
        Optional<String> user = bare.matches() ? SaslName.decode(bare.group(1)) : Optional.empty();
        if (user.isEmpty()) {
            return new Step.Malformed("the first message is n=USER,r=NONCE");
        }
        header = gs2.get();
        name = user.get();
        nonce = bare.group(2) + nonces.get();
        ScramVerifier found;
        try {
            found = judge.scram(name);
        } catch (JudgeAwayException e) {
            return new Step.Judged(e.verdict());
        }
        verifier = found;
        String server =
                "r=%s,s=%s,i=%d"
                        .formatted(
                                nonce,
                                Base64.getEncoder().encodeToString(found.salt()),
                                found.iterations());
        firstMessages = gs2.get().rest() + "," + server;
        state = State.FINAL;
        return new Step.Challenge(Utf8.encode(server));
    }

    private Step last(String message) {
        Matcher parts = FINAL.matcher(message);
        if (header == null || verifier == null || !parts.matches()) {
            return new Step.Malformed("the final message is c=BINDING,r=NONCE,p=PROOF");
        }
        byte[] binding;
        byte[] proof;
        try {
            binding = Base64.getDecoder().decode(parts.group(2));
            proof = Base64.getDecoder().decode(parts.group(4));
        } catch (IllegalArgumentException _) {
            return new Step.Malformed("the final message has bad base64");
        }
        if (!parts.group(3).equals(nonce)
                || !Arrays.equals(binding, Utf8.encode(header.header()))) {
            return new Step.Malformed("the final message does not belong to the first");
        }
        String authMessage = firstMessages + "," + parts.group(1);
        Verdict decided = judge.proven(header.authzid(), name, verifier.proves(proof, authMessage));
        if (!(decided instanceof Verdict.Accepted)) {
            return new Step.Judged(decided);
        }
        verdict = decided;
        state = State.OVER;
        return new Step.Challenge(
                Utf8.encode(
                        "v="
                                + Base64.getEncoder()
                                        .encodeToString(verifier.serverSignature(authMessage))));
    }

    private static String nonce() {
        byte[] octets = new byte[NONCE_OCTETS];
        RANDOM.nextBytes(octets);
        return Base64.getEncoder().encodeToString(octets);
    }
}
