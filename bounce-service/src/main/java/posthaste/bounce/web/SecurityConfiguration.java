package posthaste.bounce.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import posthaste.service.settings.ServiceProperties;

/**
 * Who is let in: the user {@code admin} by HTTP Basic, to everything but the actuator; to the
 * actuator nobody by password, but who asks on this machine's loopback address.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebProperties.class)
class SecurityConfiguration {
    private static final String ENVIRONMENT_VARIABLE = "POSTHASTE_ADMIN_PASSWORD";

    /** What a proxy adds: whom it speaks for is not on this machine. */
    private static final List<String> FORWARDING_HEADERS =
            List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

    /** What only programs send. */
    private static final List<String> UNKNOWN_TO_FORMS = List.of("application/json", "text/csv");

    /** All that the page needs: its own style sheet, its own icon, its own forms. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
                    + " base-uri 'none'; frame-ancestors 'none'";

    @Bean
    AdminLogin adminLogin(
            WebProperties properties,
            ServiceProperties service,
            Environment environment,
            InstantSource clock) {
        String given =
                properties.adminPassword().isEmpty()
                        ? environment.getProperty(ENVIRONMENT_VARIABLE, "")
                        : properties.adminPassword();
        AdminPassword password =
                given.isEmpty()
                        ? AdminPassword.in(service.dataDir().resolve("admin-password"))
                        : AdminPassword.given(given);
        return new AdminLogin(password, new GuessBrake(clock));
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
                                        "/actuator/info")
                                .access((who, context) ->
                                        new AuthorizationDecision(
                                                isOnOwnPort(environment)
                                                        || isFromThisMachine(context.getRequest())))
                                .anyRequest()
                                .denyAll())
                .exceptionHandling(refused ->
                        refused.authenticationEntryPoint((_, response, _) -> notFound(response))
                                .accessDeniedHandler((_, response, _) -> notFound(response)))
                .sessionManagement(
                        session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }

    /** The page and REST. */
    @Bean
    @Order(2)
    SecurityFilterChain webSecurity(HttpSecurity http, AdminLogin login) throws Exception {
        return http.authenticationProvider(login)
                .authorizeHttpRequests(requests ->
                        requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                                .permitAll()
                                .anyRequest()
                                .authenticated())
                .httpBasic(basic ->
                        basic.authenticationEntryPoint((_, response, _) -> logIn(response)))
                .sessionManagement(
                        session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(csrf ->
                        csrf.csrfTokenRepository(csrfCookie())
                                .ignoringRequestMatchers(SecurityConfiguration::isOwnJson))
                .requestCache(cache -> cache.disable())
                .logout(logout -> logout.disable())
                .headers(headers ->
                        headers.contentSecurityPolicy(
                                        policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                                .referrerPolicy(
                                        referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN)))
                .build();
    }

    /** Without sessions the token lives in a cookie; forms repeat it. */
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

    private static void notFound(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_NOT_FOUND);
    }

    private static void logIn(HttpServletResponse response) {
        response.setHeader("WWW-Authenticate", "Basic realm=\"Posthaste\", charset=\"UTF-8\"");
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    }
}
