package posthaste.ingest;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.web.client.RestTemplate;
import posthaste.ingest.auth.Authentication;
import posthaste.ingest.auth.LoginMetrics;
import posthaste.ingest.auth.LoginProperties;
import posthaste.ingest.auth.SenderRights;
import posthaste.ingest.auth.sasl.DecoyVerifiers;
import posthaste.ingest.auth.throttle.FailureThrottle;
import posthaste.ingest.auth.users.ApiKeys;
import posthaste.ingest.auth.users.DatabaseUsers;
import posthaste.ingest.auth.users.Directory;
import posthaste.ingest.auth.users.FileUsers;
import posthaste.ingest.auth.users.JwtLogins;
import posthaste.ingest.auth.users.JwtProperties;
import posthaste.ingest.auth.users.LdapProperties;
import posthaste.ingest.auth.users.LoginCache;
import posthaste.ingest.auth.users.Passwords;
import posthaste.ingest.auth.users.TokenLogins;
import posthaste.ingest.auth.users.UserFile;
import posthaste.ingest.auth.users.UserSource;
import posthaste.ingest.auth.users.Users;
import posthaste.ingest.auth.users.UsersAwayException;
import posthaste.ingest.auth.users.UsersDatabaseProperties;
import posthaste.ingest.http.ApiAccess;
import posthaste.ingest.http.HttpProblem;
import posthaste.queue.control.SharedFacts;
import posthaste.service.Instance;
import posthaste.service.reload.FileWatch;
import posthaste.service.settings.StartRefusedException;

/** Puts together who can log in. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    LoginProperties.class,
    UsersDatabaseProperties.class,
    LdapProperties.class,
    JwtProperties.class
})
public class LoginConfiguration {
    private static final int SECRET_OCTETS = 32;

    /** The scope of keys that submit mail. */
    private static final String SEND = "send";

    /** Where users and keys are, in the order in which they are asked. */
    record UserPlaces(
            List<UserSource> users, List<ApiKeys.KeySource> keys, @Nullable HikariDataSource pool)
            implements AutoCloseable {
        @Override
        public void close() {
            if (pool != null) {
                pool.close();
            }
        }
    }

    @Bean
    Passwords passwords(LoginProperties login) {
        return new Passwords(login.hashers(), login.hashWait());
    }

    @Bean
    UserPlaces userPlaces(
            LoginProperties login,
            UsersDatabaseProperties database,
            LdapProperties ldap,
            Passwords passwords,
            FileWatch files,
            InstantSource clock) {
        List<UserSource> users = new ArrayList<>();
        List<ApiKeys.KeySource> keys = new ArrayList<>();
        HikariDataSource pool = null;
        if (!login.usersFile().isEmpty()) {
            FileUsers inFile =
                    new FileUsers(
                            files.watch("users", Path.of(login.usersFile()), UserFile::parse),
                            passwords);
            users.add(inFile);
            keys.add(inFile);
        }
        if (!database.url().isEmpty()) {
            pool = pool(database);
            DatabaseUsers inTables =
                    new DatabaseUsers(
                            pool, database.timeout(), database.fresh(), login.outlast(), clock);
            users.add(inTables);
            keys.add(inTables);
        }
        if (!ldap.url().isEmpty()) {
            users.add(directory(ldap, login.outlast(), clock));
        }
        return new UserPlaces(users, keys, pool);
    }

    @Bean
    ApiKeys apiKeys(UserPlaces places) {
        return new ApiKeys(places.keys());
    }

    /** Who may submit by HTTP. */
    @Bean
    ApiAccess apiAccess(ApiKeys keys) {
        return secret -> {
            try {
                ApiKeys.KeyHolder holder =
                        keys.find(secret)
                                .orElseThrow(
                                        () -> HttpProblem.of(401, "This API key is nobody's."));
                if (!holder.scopes().contains(SEND)) {
                    throw HttpProblem.of(403, "This API key is not for sending.");
                }
                return holder.login();
            } catch (UsersAwayException e) {
                throw HttpProblem.of(503, "API keys cannot be checked now, try again later.");
            }
        };
    }

    @Bean
    Users users(
            UserPlaces places, Passwords passwords, LoginProperties login, InstantSource clock) {
        byte[] secret = login.decoySecret().getBytes(StandardCharsets.UTF_8);
        if (secret.length == 0) {
            secret = new byte[SECRET_OCTETS];
            new SecureRandom().nextBytes(secret);
        }
        return new Users(
                places.users(),
                passwords,
                new LoginCache(login.cache(), login.outlast(), clock),
                new DecoyVerifiers(secret));
    }

    @Bean
    FailureThrottle failureThrottle(
            LoginProperties login,
            Instance instance,
            SharedFacts controlFacts,
            InstantSource clock) {
        return new FailureThrottle(login.throttle(), instance.name(), controlFacts, clock);
    }

    @Bean
    SenderRights senderRights() {
        return new SenderRights();
    }

    @Bean
    LoginMetrics loginMetrics(
            MeterRegistry registry, Passwords passwords, FailureThrottle throttle) {
        return new LoginMetrics(registry, passwords, throttle);
    }

    @Bean
    Authentication authentication(
            LoginProperties login,
            JwtProperties jwt,
            Users users,
            FailureThrottle throttle,
            LoginMetrics metrics,
            InstantSource clock) {
        return new Authentication(
                login.session(),
                login.offered(),
                users,
                jwt.issuer().isEmpty() ? Optional.empty() : Optional.of(tokens(jwt, clock)),
                throttle,
                metrics);
    }

    private static HikariDataSource pool(UsersDatabaseProperties database) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("users");
        config.setJdbcUrl(database.url());
        config.setUsername(database.username());
        config.setPassword(database.password());
        config.setReadOnly(true);
        config.setMaximumPoolSize(database.maxConnections());
        config.setMinimumIdle(0);
        config.setConnectionTimeout(database.timeout().toMillis());
        // A database that is away at the start is waited for by nobody.
        config.setInitializationFailTimeout(-1);
        int seconds = (int) Math.max(1, database.timeout().toSeconds());
        config.addDataSourceProperty("connectTimeout", seconds);
        config.addDataSourceProperty("socketTimeout", 2 * seconds);
        return new HikariDataSource(config);
    }

    private static UserSource directory(
            LdapProperties ldap, Duration outlast, InstantSource clock) {
        try {
            return new Directory(
                            ldap.url(),
                            ldap.startTls(),
                            ldap.ca().isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(Path.of(ldap.ca())),
                            ldap.bindDn(),
                            ldap.bindPassword(),
                            ldap.base(),
                            ldap.filter(),
                            ldap.sendersAttribute(),
                            ldap.timeout())
                    .users(ldap.fresh(), outlast, clock);
        } catch (IOException | GeneralSecurityException e) {
            throw new StartRefusedException(
                    "posthaste.ldap.ca is '"
                            + ldap.ca()
                            + "', but cannot be read as certificates: "
                            + e.getMessage()
                            + ".",
                    e);
        }
    }

    static TokenLogins tokens(JwtProperties jwt, InstantSource clock) {
        NimbusJwtDecoder decoder = decoder(jwt);
        JwtTimestampValidator times = new JwtTimestampValidator(jwt.leeway());
        times.setClock(of(clock));
        decoder.setJwtValidator(
                new DelegatingOAuth2TokenValidator<>(
                        times,
                        // A token that never ends can never be taken back.
                        new JwtClaimValidator<Instant>("exp", end -> end != null),
                        new JwtIssuerValidator(jwt.issuer()),
                        new JwtClaimValidator<List<String>>(
                                "aud", all -> all != null && all.contains(jwt.audience()))));
        return new JwtLogins(decoder, jwt.nameClaim(), jwt.sendersClaim());
    }

    /** Signed by the issuer's private keys alone: never by a secret that we would share. */
    private static NimbusJwtDecoder decoder(JwtProperties jwt) {
        if (jwt.jwks().startsWith("https://") || jwt.jwks().startsWith("http://")) {
            SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
            requests.setConnectTimeout(Duration.ofSeconds(5));
            requests.setReadTimeout(Duration.ofSeconds(5));
            return NimbusJwtDecoder.withJwkSetUri(jwt.jwks())
                    .jwsAlgorithms(all -> {
                        for (SignatureAlgorithm one : SignatureAlgorithm.values()) {
                            all.add(one);
                        }
                    })
                    .restOperations(new RestTemplate(requests))
                    .build();
        }
        try {
            DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
            processor.setJWSKeySelector(
                    new JWSVerificationKeySelector<>(
                            Set.copyOf(JWSAlgorithm.Family.SIGNATURE),
                            new ImmutableJWKSet<>(JWKSet.load(Path.of(jwt.jwks()).toFile()))));
            // Claims are the validator's affair.
            processor.setJWTClaimsSetVerifier((_, _) -> {});
            return new NimbusJwtDecoder(processor);
        } catch (IOException | ParseException e) {
            throw new StartRefusedException(
                    "posthaste.jwt.jwks is '"
                            + jwt.jwks()
                            + "', but cannot be read as a set of keys: "
                            + e.getMessage()
                            + ".",
                    e);
        }
    }

    private static Clock of(InstantSource source) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return source.instant();
            }
        };
    }
}
