package posthaste.ingest.auth.users;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import posthaste.ingest.submitter.Login;

/** Logins by signed tokens of an issuer (RFC 7519), verified by Spring Security's decoder. */
public final class JwtLogins implements TokenLogins {
    private final JwtDecoder decoder;
    private final String nameClaim;
    private final String sendersClaim;

    /**
     * Reads tokens by a decoder that verifies signature, issuer, audience and times.
     *
     * @param nameClaim who the bearer is
     * @param sendersClaim from where he may send, a text or a list; without it: from his name, if
     *     that is an address
     */
    public JwtLogins(JwtDecoder decoder, String nameClaim, String sendersClaim) {
        this.decoder = decoder;
        this.nameClaim = nameClaim;
        this.sendersClaim = sendersClaim;
    }

    @Override
    public Optional<Login> withToken(String token) throws UsersAwayException {
        Jwt jwt;
        try {
            jwt = decoder.decode(token);
        } catch (BadJwtException _) {
            return Optional.empty();
        } catch (JwtException e) {
            throw new UsersAwayException(
                    "the keys of the tokens' issuer cannot be had: " + e.getMessage(), e);
        }
        Object name = jwt.getClaims().get(nameClaim);
        if (!(name instanceof String typed)) {
            return Optional.empty();
        }
        return UserName.canonical(typed)
                .map(canonical -> new Login(canonical, senders(jwt, canonical), Optional.empty()));
    }

    private List<String> senders(Jwt jwt, String name) {
        Object claim = jwt.getClaims().get(sendersClaim);
        List<String> patterns = new ArrayList<>();
        switch (claim) {
            case null -> {
                if (name.contains("@")) {
                    patterns.add(name);
                }
            }
            case String one -> patterns.add(one);
            case List<?> several -> several.forEach(one -> patterns.add(String.valueOf(one)));
            default -> {
                // No list of addresses: none.
            }
        }
        return patterns.stream().flatMap(p -> SenderPattern.parse(p).stream()).toList();
    }
}
