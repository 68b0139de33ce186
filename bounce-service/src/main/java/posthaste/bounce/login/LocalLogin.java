package posthaste.bounce.login;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Lets local users in by their password. What they may do is asked at each request. */
final class LocalLogin implements AuthenticationProvider {
    private final LocalUsers users;
    private final GuessBrake brake;
    private final InstantSource clock;

    LocalLogin(LocalUsers users, GuessBrake brake, InstantSource clock) {
        this.users = users;
        this.brake = brake;
        this.clock = clock;
    }

    @Override
    public Authentication authenticate(Authentication login) throws AuthenticationException {
        String address =
                login.getDetails() instanceof WebAuthenticationDetails details
                        ? String.valueOf(details.getRemoteAddress())
                        : "";
        String user = login.getName();
        // Before the password is looked at: should the file change now, the session ends at once.
        String mark = users.mark(user).orElse("");
        try {
            Duration delay = brake.delay(address, user);
            Thread.sleep(delay);
            if (!users.matches(user, String.valueOf(login.getCredentials()))) {
                brake.wrong(address, user);
                throw new BadCredentialsException("wrong user or password");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadCredentialsException("the service is stopping", e);
        }
        brake.right(address, user);
        return UsernamePasswordAuthenticationToken.authenticated(
                user, null, List.of(new LoggedIn(clock.instant(), mark)));
    }

    @Override
    public boolean supports(Class<?> type) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
    }
}
