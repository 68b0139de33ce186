package posthaste.ingest.auth.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.ingest.submitter.Login;

/** By the example of RFC 7677 section 3, and what is near it. */
class ScramSha256Test {
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO" + SERVER_NONCE;
    private static final String FINAL =
            "c=biws,r=" + NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private static final Login USER = new Login("user", List.of("*"), Optional.empty());
    private static final ScramVerifier VERIFIER =
            ScramVerifier.of(
                    "pencil", Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

    private final KnownUserJudge judge = new KnownUserJudge();
    private final ScramSha256 exchange = new ScramSha256(judge, () -> SERVER_NONCE);

    @Test
    void theExampleOfTheRfc() {
        assertThat(challenge(say("n,,n=user,r=rOprNGfwEbeRWgbNEkqO")))
                .isEqualTo("r=" + NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        assertThat(challenge(say(FINAL)))
                .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assertThat(say("")).isEqualTo(new Step.Judged(new Verdict.Accepted(USER)));
    }

    @Test
    void aProofOfAnotherPasswordIsWrong() {
        say("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assertThat(say(FINAL.replace("dHzb", "dHzc")))
                .isEqualTo(new Step.Judged(Verdict.Refused.WRONG));
    }

    @Test
    void theFinalMessageBelongsToTheFirst() {
        for (String other :
                List.of(
                        FINAL.replace("biws", Base64.getEncoder().encodeToString(utf8("y,,"))),
                        FINAL.replace("rOpr", "xOpr"),
                        FINAL.replace("biws", "!!!!"),
                        "p=",
                        "",
                        "c=biws,r=" + NONCE)) {
            ScramSha256 one = new ScramSha256(judge, () -> SERVER_NONCE);
            one.respond(utf8("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"));
            assertThat(one.respond(utf8(other))).as(other).isInstanceOf(Step.Malformed.class);
        }
        assertThat(judge.proofs).isZero();
    }

    @Test
    void aFirstMessageThatIsNoneIsMalformed() {
        for (String first :
                List.of(
                        "",
                        "n,,",
                        "n,,n=user",
                        "n,,r=abc,n=user",
                        "n,,m=ext,n=user,r=abc",
                        "p=tls-unique,,n=user,r=abc",
                        "x,,n=user,r=abc",
                        "n,b=x,n=user,r=abc",
                        "n,,n==41,r=abc",
                        "n,,n=,r=abc")) {
            assertThat(new ScramSha256(judge).respond(utf8(first)))
                    .as(first)
                    .isInstanceOf(Step.Malformed.class);
        }
    }

    @Test
    void namesAndAuthzidAreUnescaped() {
        say("n,a=ad=2Cm=3Din,n=us=2Cer=3D,r=abc");
        assertThat(judge.asked).isEqualTo("us,er=");
    }

    @Test
    void theStoredFormIsThatOfPostgresql() {
        assertThat(ScramVerifier.parse(VERIFIER.encoded()).map(ScramVerifier::encoded))
                .contains(VERIFIER.encoded());
        assertThat(VERIFIER.encoded())
                .isEqualTo(
                        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
        assertThat(VERIFIER.fits("pencil")).isTrue();
        assertThat(VERIFIER.fits("pencils")).isFalse();
        assertThat(ScramVerifier.parse("SCRAM-SHA-256$1:AAAA$AAAA:AAAA")).isEmpty();
        assertThat(ScramVerifier.parse("SCRAM-SHA-256$99999999:AA==$AA==:AA==")).isEmpty();
    }

    @Test
    void aDecoyIsTheSameEachTimeAndFitsNoPassword() {
        DecoyVerifiers decoys = new DecoyVerifiers(utf8("secret"));
        assertThat(decoys.of("nobody").encoded()).isEqualTo(decoys.of("nobody").encoded());
        assertThat(decoys.of("nobody").salt()).isNotEqualTo(decoys.of("noone").salt());
        assertThat(decoys.of("nobody").salt()).hasSize(16);
        assertThat(decoys.of("nobody").fits("nobody")).isFalse();
    }

    private Step say(String message) {
        return exchange.respond(utf8(message));
    }

    private static String challenge(Step step) {
        assertThat(step).isInstanceOf(Step.Challenge.class);
        return new String(((Step.Challenge) step).octets(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class KnownUserJudge implements Judge {
        private String asked = "";
        private int proofs;

        @Override
        public Verdict password(String authzid, String name, String password) {
            throw new AssertionError("SCRAM tells no password");
        }

        @Override
        public Verdict token(String name, String token) {
            throw new AssertionError("SCRAM tells no token");
        }

        @Override
        public ScramVerifier scram(String name) {
            asked = name;
            return VERIFIER;
        }

        @Override
        public Verdict proven(String authzid, String name, boolean isRight) {
            proofs++;
            return isRight ? new Verdict.Accepted(USER) : Verdict.Refused.WRONG;
        }
    }
}
