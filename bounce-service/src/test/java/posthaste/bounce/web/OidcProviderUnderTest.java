package posthaste.bounce.web;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;

/** A real provider of OpenID Connect: Spring Authorization Server, with a login page of its own. */
final class OidcProviderUnderTest implements AutoCloseable {
    static final String SECRET = "the client's secret";
    private static final Map<String, List<String>> ROLES =
            Map.of("olga", List.of("staff", "posthaste-operator"), "nick", List.of("staff"));

    private final ConfigurableApplicationContext context;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "posthaste.service.ServiceAutoConfiguration",
                "posthaste.service.verp.VerpAutoConfiguration",
                "posthaste.service.engine.EngineAutoConfiguration",
                "posthaste.service.engine.SettlementAutoConfiguration",
                "posthaste.service.suppression.SuppressionAutoConfiguration"
            })
    static class Parts {
        @Bean
        @Order(1)
        SecurityFilterChain provider(HttpSecurity http) throws Exception {
            return http.oauth2AuthorizationServer(
                            server -> {
                                http.securityMatcher(server.getEndpointsMatcher());
                                server.oidc(Customizer.withDefaults());
                            })
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .exceptionHandling(refused ->
                            refused.authenticationEntryPoint(
                                    new LoginUrlAuthenticationEntryPoint("/login")))
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain login(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        UserDetailsService people() {
            return new InMemoryUserDetailsManager(
                    ROLES.keySet().stream()
                            .map(name ->
                                    User.withUsername(name)
                                            .password("{noop}" + name + "'s")
                                            .roles("USER")
                                            .build())
                            .toList());
        }

        @Bean
        RegisteredClientRepository clients(Environment environment) {
            return new InMemoryRegisteredClientRepository(
                    RegisteredClient.withId("posthaste")
                            .clientId("posthaste")
                            .clientSecret("{noop}" + SECRET)
                            .clientAuthenticationMethod(
                                    ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                            .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                            .redirectUri(environment.getRequiredProperty("back-to"))
                            .scope("openid")
                            .scope("profile")
                            .build());
        }

        @Bean
        JWKSource<SecurityContext> keys() throws GeneralSecurityException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            return new ImmutableJWKSet<>(
                    new JWKSet(
                            new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                                    .privateKey((RSAPrivateKey) pair.getPrivate())
                                    .keyID("key")
                                    .build()));
        }

        /** Reads its own tokens where it is asked about people. */
        @Bean
        JwtDecoder tokens(JWKSource<SecurityContext> keys) {
            return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
        }

        @Bean
        AuthorizationServerSettings settings() {
            return AuthorizationServerSettings.builder().build();
        }

        /** As providers do: a name, and roles inside another claim. */
        @Bean
        OAuth2TokenCustomizer<JwtEncodingContext> claims() {
            return token -> {
                String name = token.getPrincipal().getName();
                token.getClaims()
                        .claim("preferred_username", name)
                        .claim("realm_access", Map.of("roles", ROLES.get(name)));
            };
        }
    }

    private OidcProviderUnderTest(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Lets people come back to this address. */
    static OidcProviderUnderTest start(int port, String backTo) {
        return new OidcProviderUnderTest(
                new SpringApplicationBuilder(Parts.class)
                        .web(WebApplicationType.SERVLET)
                        .run(
                                "--spring.config.location=optional:classpath:/none/",
                                "--server.port=" + port,
                                "--management.endpoint.health.group.readiness.include=readinessState",
                                "--server.servlet.session.cookie.name=provider",
                                "--back-to=" + backTo,
                                "--server.address=127.0.0.1"));
    }

    @Override
    public void close() {
        context.close();
    }
}
