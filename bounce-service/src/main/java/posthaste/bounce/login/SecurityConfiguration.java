package posthaste.bounce.login;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.CookieRequestCache;
import posthaste.bounce.login.LocalUsersFile.LocalUser;
import posthaste.service.reload.FileWatch;
import posthaste.service.settings.ServiceProperties;

/**
 * Who is let in: people by a login page and a session, programs by HTTP Basic, to everything but
 * the actuator; to the actuator nobody by password, but who asks on this machine's loopback
 * address. {@link Rights} says who may do what.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebProperties.class)
@Import(LoginPage.class)
public class SecurityConfiguration {
    private static final String ENVIRONMENT_VARIABLE = "POSTHASTE_ADMIN_PASSWORD";

    /** What a proxy adds: whom it speaks for is not on this machine. */
    private static final List<String> FORWARDING_HEADERS =
            List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

    /** What only programs send. */
    private static final List<String> UNKNOWN_TO_FORMS = List.of("application/json", "text/csv");

    /** What the login page looks like is no secret. */
    private static final String[] FOR_EVERYBODY = {LoginPage.PATH, "/posthaste.css", "/icon.svg"};

    /** All that the pages need: their own sheet, scripts, icon and forms. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
                    + " img-src 'self'; form-action 'self'; base-uri 'none';"
                    + " frame-ancestors 'none'";

    @Bean
    LocalUsers localUsers(
            WebProperties properties,
            ServiceProperties service,
            Environment environment,
            ObjectProvider<FileWatch> files) {
        String given =
                properties.adminPassword().isEmpty()
                        ? environment.getProperty(ENVIRONMENT_VARIABLE, "")
                        : properties.adminPassword();
        AdminPassword password =
                given.isEmpty()
                        ? AdminPassword.in(service.dataDir().resolve("admin-password"))
                        : AdminPassword.given(given);
        Supplier<Map<String, LocalUser>> users =
                Optional.ofNullable(properties.usersFile())
                        .<Supplier<Map<String, LocalUser>>>map(path ->
                                files.getObject().watch("web users", path, LocalUsersFile::parse)
                                        ::current)
                        .orElse(Map::of);
        return new LocalUsers(password, users);
    }

    @Bean
    WhoAsks whoAsks(LocalUsers users, WebProperties properties, InstantSource clock) {
        return new WhoAsks(users, properties.sessionAge(), clock);
    }

    @Bean
    SessionCookie sessionCookie(WebProperties properties) {
        return new SessionCookie(properties.session());
    }

    @Bean
    OperatorArgument operatorArgument(WhoAsks who) {
        return new OperatorArgument(who);
    }

    /**
     * Health and metrics. Where the actuator has a port of its own, as in a process of one service,
     * whoever reaches that port may read them.
     */
    @Bean
    @Order(1)
    SecurityFilterChain actuatorSecurity(HttpSecurity http, Environment environment)
            throws Exception {
        return http.securityMatcher("/actuator/**")
                .authorizeHttpRequests(requests ->
                        requests.requestMatchers(
                                        "/actuator/health/**",
                                        "/actuator/prometheus",
                                        "/actuator/info",
                                        "/actuator/sbom/**")
                                .access((who, context) ->
                                        new AuthorizationDecision(
                                                isOnOwnPort(environment)
                                                        || isFromThisMachine(context.getRequest())))
                                .anyRequest()
                                .denyAll())
                .exceptionHandling(refused ->
                        refused.authenticationEntryPoint(
                                        (_, response, _) -> response.setStatus(404))
                                .accessDeniedHandler((_, response, _) -> response.setStatus(404)))
                .sessionManagement(
                        session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }

    /** The page and REST. */
    @Bean
    @Order(2)
    SecurityFilterChain webSecurity(
            HttpSecurity http,
            WebProperties properties,
            LocalUsers users,
            WhoAsks who,
            InstantSource clock)
            throws Exception {
        LoginDoor door = new LoginDoor();
        http.authenticationProvider(new LocalLogin(users, new GuessBrake(clock), clock))
                .authorizeHttpRequests(requests ->
                        requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                                .permitAll()
                                .requestMatchers(FOR_EVERYBODY)
                                .permitAll()
                                .anyRequest()
                                .access((login, context) ->
                                        new AuthorizationDecision(
                                                who.of(login.get(), context.getRequest())
                                                        .filter(asking ->
                                                                asking.role()
                                                                        .isAtLeast(
                                                                                Rights.wanted(
                                                                                        context
                                                                                                .getRequest())))
                                                        .isPresent())))
                .httpBasic(basic -> basic.authenticationEntryPoint(door))
                .formLogin(form ->
                        form.loginPage(LoginPage.PATH).failureUrl(LoginPage.PATH + "?wrong"))
                .exceptionHandling(refused ->
                        refused.authenticationEntryPoint(door)
                                .accessDeniedHandler(new Forbidden(who, door)))
                .csrf(csrf ->
                        csrf.csrfTokenRepository(csrfCookie())
                                .ignoringRequestMatchers(SecurityConfiguration::isOwnJson))
                .requestCache(cache -> cache.requestCache(pagesAlone()))
                .logout(logout -> logout.logoutSuccessUrl(LoginPage.PATH + "?bye"))
                .headers(headers ->
                        headers.contentSecurityPolicy(
                                        policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                                .referrerPolicy(
                                        referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN)));
        if (properties.oidc().isGiven()) {
            OidcProvider provider = new OidcProvider(properties.oidc());
            http.oauth2Login(foreign ->
                    foreign.loginPage(LoginPage.PATH)
                            .clientRegistrationRepository(provider)
                            .userInfoEndpoint(people ->
                                    people.oidcUserService(new OidcRoles(properties.oidc(), clock)))
                            .failureHandler(LoginPage::refused)
                            .addObjectPostProcessor(new WhenProviderIsAway()));
        }
        return http.build();
    }

    /** Where somebody wanted to go before the login; without a session for each who has none. */
    private static CookieRequestCache pagesAlone() {
        CookieRequestCache cache = new CookieRequestCache();
        cache.setRequestMatcher(LoginDoor::isPageForPeople);
        return cache;
    }

    /** Kept in a cookie, since programs have no session; forms repeat it. */
    private static CookieCsrfTokenRepository csrfCookie() {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieCustomizer(cookie -> cookie.sameSite("Strict"));
        return tokens;
    }

    /**
     * A request to REST that no page of another site can make: a form can send neither JSON nor CSV
     * nor DELETE, and a script that tries asks first, which nobody answers. Programs have no cookie
     * to repeat.
     */
    private static boolean isOwnJson(HttpServletRequest request) {
        String type = request.getContentType();
        String site = request.getHeader("Sec-Fetch-Site");
        return request.getRequestURI().startsWith("/api/")
                && (request.getMethod().equals("DELETE")
                        || (type != null
                                && UNKNOWN_TO_FORMS.stream()
                                        .anyMatch(type.toLowerCase(Locale.ROOT)::startsWith)))
                && (site == null || site.equals("same-origin") || site.equals("none"));
    }

    private static boolean isOnOwnPort(Environment environment) {
        return ManagementPortType.get(environment) == ManagementPortType.DIFFERENT;
    }

    static boolean isFromThisMachine(HttpServletRequest request) {
        return InetAddress.ofLiteral(request.getRemoteAddr()).isLoopbackAddress()
                && FORWARDING_HEADERS.stream().allMatch(name -> request.getHeader(name) == null);
    }
}
