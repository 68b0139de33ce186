package posthaste.bounce.login;

import java.time.Duration;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Lets local users in by their password. What they may do is asked at each request. */
final class LocalLogin implements AuthenticationProvider {
    private final LocalUsers users;
    private final GuessBrake brake;

    LocalLogin(LocalUsers users, GuessBrake brake) {
        this.users = users;
        this.brake = brake;
    }

    @Override
    public Authentication authenticate(Authentication login) throws AuthenticationException {
        String address =
                login.getDetails() instanceof WebAuthenticationDetails details
                        ? String.valueOf(details.getRemoteAddress())
                        : "";
        try {
            Duration delay = brake.delay(address);
            Thread.sleep(delay);
            if (!users.matches(login.getName(), String.valueOf(login.getCredentials()))) {
                brake.wrong(address);
                throw new BadCredentialsException("wrong user or password");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadCredentialsException("the service is stopping", e);
        }
        brake.right(address);
        return UsernamePasswordAuthenticationToken.authenticated(
                login.getName(), null, AuthorityUtils.NO_AUTHORITIES);
    }

    @Override
    public boolean supports(Class<?> type) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
    }
}
