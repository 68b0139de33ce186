package posthaste.ingest.auth.users;

import static posthaste.service.settings.Setting.between;
import static posthaste.service.settings.Setting.require;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Users of a directory: an entry is searched for by the name that a client gives, then bound as
 * with its password.
 *
 * @param url as {@code ldaps://HOST} or {@code ldap://HOST:389}; empty: none
 * @param startTls encrypts a connection to {@code ldap://} before anything is said
 * @param insecure allows passwords to travel in the clear: to a directory on this machine
 * @param ca file of PEM certificates that the directory's may come from; empty: those that Java
 *     trusts
 * @param bindDn of who searches; empty: anonymously
 * @param bindPassword best given as {@code POSTHASTE_LDAP_BINDPASSWORD} in the environment
 * @param base below which users are, as {@code ou=people,dc=example,dc=org}
 * @param filter that finds the one entry of a name, which stands for <code>{0}</code>, escaped
 * @param sendersAttribute with addresses and domains from which the user may send
 * @param timeout for a connection, and for an answer
 * @param fresh how long an entry is not searched for again
 */
@ConfigurationProperties(prefix = "posthaste.ldap", ignoreUnknownFields = false)
public record LdapProperties(
        @DefaultValue("") String url,
        @DefaultValue("false") boolean startTls,
        @DefaultValue("false") boolean insecure,
        @DefaultValue("") String ca,
        @DefaultValue("") String bindDn,
        @DefaultValue("") String bindPassword,
        @DefaultValue("") String base,
        @DefaultValue("(mail={0})") String filter,
        @DefaultValue("mail") String sendersAttribute,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("30s") Duration fresh) {

    public LdapProperties {
        require(
                "url",
                url,
                url.isEmpty() || url.matches("ldaps?://[^/\\s]+/?"),
                "empty, ldap://HOST or ldaps://HOST, with a port or without");
        require(
                "start-tls",
                startTls,
                !startTls || url.startsWith("ldap://"),
                "false where url does not begin with ldap://");
        require(
                "url",
                url,
                !url.startsWith("ldap://") || startTls || insecure,
                "ldaps://, unless start-tls or insecure is true");
        require(
                "filter",
                filter,
                filter.contains("{0}") && filter.startsWith("(") && filter.endsWith(")"),
                "a filter in brackets that has {0} for the name");
        between("timeout", timeout, Duration.ofMillis(250), Duration.ofSeconds(30));
        between("fresh", fresh, Duration.ZERO, Duration.ofHours(1));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "LdapProperties[" + url + ", " + base + "]";
    }
}
