package posthaste.ingest.auth.users;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.springframework.ldap.core.support.DefaultTlsDirContextAuthenticationStrategy;
import org.springframework.ldap.core.support.LdapContextSource;
import org.springframework.security.ldap.authentication.BindAuthenticator;
import org.springframework.security.ldap.search.FilterBasedLdapUserSearch;

/**
 * A directory and how it is asked.
 *
 * @param ca file of certificates to trust; empty: Java's
 * @param bindDn of who searches; empty: anonymously
 */
public record Directory(
        String url,
        boolean startTls,
        Optional<Path> ca,
        String bindDn,
        String bindPassword,
        String base,
        String filter,
        String sendersAttribute,
        Duration timeout) {

    /** Its users; not asked yet. */
    public LdapUsers users(Duration fresh, Duration outlast, InstantSource clock)
            throws IOException, GeneralSecurityException {
        LdapContextSource source = new LdapContextSource();
        source.setUrl(url);
        source.setBase("");
        source.setPooled(false);
        if (bindDn.isEmpty()) {
            source.setAnonymousReadOnly(true);
        } else {
            source.setUserDn(bindDn);
            source.setPassword(bindPassword);
        }
        Map<String, Object> environment = new HashMap<>();
        String millis = Long.toString(timeout.toMillis());
        environment.put("com.sun.jndi.ldap.connect.timeout", millis);
        environment.put("com.sun.jndi.ldap.read.timeout", millis);
        if (ca.isPresent()) {
            SSLSocketFactory trusting = trusting(ca.get());
            if (!startTls) {
                TrustingSocketFactory.trust(trusting);
                environment.put(
                        "java.naming.ldap.factory.socket", TrustingSocketFactory.class.getName());
            }
        }
        source.setBaseEnvironmentProperties(environment);
        if (startTls) {
            DefaultTlsDirContextAuthenticationStrategy tls =
                    new DefaultTlsDirContextAuthenticationStrategy();
            if (ca.isPresent()) {
                tls.setSslSocketFactory(trusting(ca.get()));
            }
            source.setAuthenticationStrategy(tls);
        }
        source.afterPropertiesSet();
        FilterBasedLdapUserSearch search = new FilterBasedLdapUserSearch(base, filter, source);
        search.setSearchTimeLimit((int) timeout.toMillis());
        BindAuthenticator authenticator = new BindAuthenticator(source);
        authenticator.setUserSearch(search);
        authenticator.afterPropertiesSet();
        return new LdapUsers(search, authenticator, sendersAttribute, fresh, outlast, clock);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Directory[" + url + ", " + base + "]";
    }

    private static SSLSocketFactory trusting(Path file)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }
}
