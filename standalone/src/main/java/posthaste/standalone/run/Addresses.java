package posthaste.standalone.run;

import java.net.URI;
import java.nio.file.Path;
import org.springframework.core.env.Environment;

/**
 * Where a run is reached.
 *
 * @param smtpHost as listened on; 0.0.0.0 is every address of this machine
 * @param web the page, as this machine reaches it
 * @param isPasswordGiven whether whoever started it knows the admin's password already
 */
public record Addresses(
        String smtpHost, int smtpPort, URI web, boolean isPasswordGiven, Path dataFolder) {

    static Addresses of(Environment environment, Path dataFolder) {
        return new Addresses(
                environment.getProperty("posthaste.smtp.address", "0.0.0.0"),
                environment.getProperty("posthaste.smtp.port", Integer.class, 2525),
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

    /** As {@code HOST:PORT}. */
    public String smtp() {
        return (smtpHost.contains(":") ? "[" + smtpHost + "]" : smtpHost) + ":" + smtpPort;
    }

    /** One line for whoever started it. */
    public String readyLine() {
        return "Posthaste is ready: SMTP on "
                + smtp()
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
