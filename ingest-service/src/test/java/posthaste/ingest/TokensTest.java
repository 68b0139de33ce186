package posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.ingest.auth.users.JwtProperties;
import posthaste.ingest.auth.users.TokenLogins;
import posthaste.testing.SettableClock;

/** Tokens that an issuer signed, and those that it did not. */
class TokensTest {
    private static final String ISSUER = "https://login.example.org";
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir private Path folder;
    private final SettableClock clock = SettableClock.at(NOW);
    private ECKey key;
    private TokenLogins tokens;

    @BeforeEach
    void keys() throws Exception {
        key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
        Path jwks = folder.resolve("jwks.json");
        Files.writeString(jwks, new JWKSet(key.toPublicJWK()).toString());
        tokens =
                LoginConfiguration.tokens(
                        new JwtProperties(
                                ISSUER,
                                jwks.toString(),
                                "posthaste",
                                "email",
                                "senders",
                                Duration.ofSeconds(30)),
                        clock);
    }

    @Test
    void aTokenNamesItsBearerAndHisSenders() throws Exception {
        assertThat(tokens.withToken(signed(claims().build())))
                .hasValueSatisfying(login -> {
                    assertThat(login.name()).isEqualTo("ann@example.org");
                    assertThat(login.senders()).containsExactly("ann@example.org");
                });
        assertThat(
                        tokens.withToken(
                                signed(
                                        claims().claim(
                                                        "senders",
                                                        List.of("example.org", "not a pattern"))
                                                .build())))
                .hasValueSatisfying(
                        login -> assertThat(login.senders()).containsExactly("example.org"));
    }

    @Test
    void whatIsExpiredForOthersOrByOthersIsRefused() throws Exception {
        assertThat(tokens.withToken(signed(claims().audience("other").build()))).isEmpty();
        assertThat(tokens.withToken(signed(claims().audience((String) null).build()))).isEmpty();
        assertThat(tokens.withToken(signed(claims().issuer("https://evil.example").build())))
                .isEmpty();
        assertThat(tokens.withToken(signed(claims().expirationTime(null).build()))).isEmpty();
        assertThat(tokens.withToken(signed(claims().claim("email", null).build()))).isEmpty();
        assertThat(tokens.withToken(signed(claims().claim("email", List.of("a")).build())))
                .isEmpty();
        assertThat(
                        tokens.withToken(
                                signed(
                                        claims().notBeforeTime(Date.from(NOW.plusSeconds(60)))
                                                .build())))
                .isEmpty();
        String token = signed(claims().build());
        clock.advance(Duration.ofSeconds(320));
        assertThat(tokens.withToken(token)).as("within the leeway").isPresent();
        clock.advance(Duration.ofSeconds(20));
        assertThat(tokens.withToken(token)).isEmpty();
    }

    @Test
    void forgedOnesAreRefused() throws Exception {
        ECKey other = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
        assertThat(tokens.withToken(signed(claims().build(), other))).isEmpty();
        assertThat(tokens.withToken(new PlainJWT(claims().build()).serialize())).isEmpty();
        SignedJWT byPublicKey =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(),
                        claims().build());
        byPublicKey.sign(
                new MACSigner(key.toPublicJWK().toString().getBytes(StandardCharsets.UTF_8)));
        assertThat(tokens.withToken(byPublicKey.serialize())).isEmpty();
        String good = signed(claims().build());
        String[] parts = good.split("\\.");
        String payload =
                new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                        .replace("Ann@", "bob@");
        parts[1] =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(payload.getBytes(StandardCharsets.UTF_8));
        assertThat(tokens.withToken(String.join(".", parts))).isEmpty();
        for (String noToken : List.of("", "a", "a.b.c", "....", good + ".x", good.substring(10))) {
            assertThat(tokens.withToken(noToken)).as(noToken).isEmpty();
        }
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("posthaste")
                .claim("email", "Ann@example.org")
                .expirationTime(Date.from(NOW.plusSeconds(300)));
    }

    private String signed(JWTClaimsSet claims) throws Exception {
        return signed(claims, key);
    }

    private static String signed(JWTClaimsSet claims, ECKey by) throws Exception {
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(by.getKeyID()).build(),
                        claims);
        token.sign(new ECDSASigner(by));
        return token.serialize();
    }
}
