package posthaste.bounce.web;

import java.time.Duration;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Lets the user {@code admin} in. */
final class AdminLogin implements AuthenticationProvider {
    private static final String USER = "admin";

    private final AdminPassword password;
    private final GuessBrake brake;

    AdminLogin(AdminPassword password, GuessBrake brake) {
        this.password = password;
        this.brake = brake;
    }

    @Override
    public Authentication authenticate(Authentication login) throws AuthenticationException {
        String address =
                login.getDetails() instanceof WebAuthenticationDetails details
                        ? String.valueOf(details.getRemoteAddress())
                        : "";
        pause(brake.delay(address));
        boolean passwordMatches = password.matches(String.valueOf(login.getCredentials()));
        if (!USER.equals(login.getName()) || !passwordMatches) {
            brake.wrong(address);
            throw new BadCredentialsException("wrong user or password");
        }
        brake.right(address);
        return UsernamePasswordAuthenticationToken.authenticated(
                USER, null, AuthorityUtils.createAuthorityList("ROLE_ADMIN"));
    }

    @Override
    public boolean supports(Class<?> type) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
    }

    private static void pause(Duration delay) {
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadCredentialsException("the service is stopping", e);
        }
    }
}
