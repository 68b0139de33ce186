package posthaste.ingest.auth.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.ingest.submitter.Login;

class BearerExchangeTest {
    private static final Verdict ACCEPTED =
            new Verdict.Accepted(new Login("ann@example.org", List.of("*"), Optional.empty()));

    /** What the judge was asked: who the client says that it is, and the token. */
    private final List<String> asked = new ArrayList<>();

    private final Judge judge =
            new Judge() {
                @Override
                public Verdict token(String name, String token) {
                    asked.add(name + "|" + token);
                    return token.equals("good") ? ACCEPTED : Verdict.Refused.BAD_TOKEN;
                }

                @Override
                public Verdict password(String authzid, String name, String password) {
                    throw new AssertionError("there is no password");
                }

                @Override
                public ScramVerifier scram(String name) {
                    throw new AssertionError("there is no proof");
                }

                @Override
                public Verdict proven(String authzid, String name, boolean isRight) {
                    throw new AssertionError("there is no proof");
                }
            };

    /** The first example of RFC 7628 section 4.1, but for its token. */
    @Test
    void oauthBearerIsAHeaderAndPairs() {
        Step step =
                say(
                        BearerExchange.oauthBearer(judge),
                        "n,a=user@example.com,^Ahost=server.example.com^Aport=143^Aauth=Bearer good^A^A");
        assertThat(step).isEqualTo(new Step.Judged(ACCEPTED));
        assertThat(asked).containsExactly("user@example.com|good");
    }

    @Test
    void whoDoesNotSayWhoHeIsIsKnownByHisToken() {
        assertThat(say(BearerExchange.oauthBearer(judge), "n,,^Aauth=bearer good^A^A"))
                .isEqualTo(new Step.Judged(ACCEPTED));
        assertThat(asked).containsExactly("|good");
    }

    @Test
    void xoauth2NamesItsUserFirst() {
        assertThat(say(BearerExchange.xoauth2(judge), "user=ann@example.org^Aauth=Bearer good^A^A"))
                .isEqualTo(new Step.Judged(ACCEPTED));
        assertThat(asked).containsExactly("ann@example.org|good");
    }

    @Test
    void aRefusalIsAChallengeFirstAndAVerdictThen() {
        BearerExchange exchange = BearerExchange.oauthBearer(judge);
        assertThat(say(exchange, "n,,^Aauth=Bearer bad^A^A"))
                .isInstanceOfSatisfying(
                        Step.Challenge.class,
                        challenge ->
                                assertThat(new String(challenge.octets(), UTF_8))
                                        .isEqualTo("{\"status\":\"invalid_token\"}"));
        // RFC 7628 section 3.2.3: the client's dummy; whatever it is, nobody is asked again.
        assertThat(say(exchange, "n,,^Aauth=Bearer good^A^A"))
                .isEqualTo(new Step.Judged(Verdict.Refused.BAD_TOKEN));
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "^A^A",
                "n,,^Aauth=Bearer good^A",
                "n,,^Aauth=Basic good^A^A",
                "n,,^Aauth=Bearer good^Aauth=Bearer good^A^A",
                "n,,^Aauth=Bearer go od^A^A",
                "n,,^Aauth=Bearer ^A^A",
                "n,,x^Aauth=Bearer good^A^A",
                "p=tls-unique,,^Aauth=Bearer good^A^A",
                "user=^Aauth=Bearer good^A^A",
                "auth=Bearer good^A^A",
                "n,,^Ahost=x^A^A"
            })
    void whatIsNoneAsksNobody(String response) {
        assertThat(say(BearerExchange.oauthBearer(judge), response))
                .isInstanceOf(Step.Malformed.class);
        assertThat(say(BearerExchange.xoauth2(judge), response)).isInstanceOf(Step.Malformed.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void nothingButAStepComesOfWhateverIsSaid() {
        SplittableRandom random = new SplittableRandom(7628);
        byte[] right = octets("n,a=ann,^Aauth=Bearer good^A^A");
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = right.clone();
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            assertThat(BearerExchange.oauthBearer(judge).respond(octets)).isNotNull();
            assertThat(BearerExchange.xoauth2(judge).respond(octets)).isNotNull();
        }
    }

    private static Step say(Exchange exchange, String text) {
        return exchange.respond(octets(text));
    }

    private static byte[] octets(String text) {
        return text.replace("^A", "\u0001").getBytes(UTF_8);
    }
}
