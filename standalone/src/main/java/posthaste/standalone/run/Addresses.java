package posthaste.standalone.run;

import java.net.URI;
import java.nio.file.Path;
import org.springframework.core.env.Environment;

/**
 * Where a run is reached.
 *
 * @param smtp the listeners as {@code HOST:PORT}; 0.0.0.0 is every address of this machine
 * @param smtpPort of the first of them
 * @param web the page, as this machine reaches it
 * @param isPasswordGiven whether whoever started it knows the admin's password already
 */
public record Addresses(
        String smtp, int smtpPort, URI web, boolean isPasswordGiven, Path dataFolder) {

    static Addresses of(Environment environment, String smtp, int smtpPort, Path dataFolder) {
        return new Addresses(
                smtp,
                smtpPort,
                URI.create(
                        "http://"
                                + environment.getProperty("server.address", "127.0.0.1")
                                + ":"
                                + environment.getProperty("local.server.port")
                                + "/"),
                isGiven(environment, "posthaste.web.admin-password")
                        || isGiven(environment, "POSTHASTE_ADMIN_PASSWORD"),
                dataFolder);
    }

    private static boolean isGiven(Environment environment, String property) {
        return !environment.getProperty(property, "").isEmpty();
    }

    /** One line for whoever started it. */
    public String readyLine() {
        return "Posthaste is ready: SMTP on "
                + smtp
                + ", web page "
                + web
                + " (user admin, "
                + (isPasswordGiven
                        ? "the password it was given"
                        : "password in " + dataFolder.resolve("admin-password"))
                + "), data in "
                + dataFolder
                + ".";
    }
}
