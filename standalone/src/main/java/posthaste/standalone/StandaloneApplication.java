package posthaste.standalone;

import posthaste.standalone.command.ExitStatus;
import posthaste.standalone.command.PosthasteCommandLine;

/** What {@code ./posthaste} starts. */
public final class StandaloneApplication {
    private StandaloneApplication() {}

    public static void main(String[] args) {
        int status = new PosthasteCommandLine().execute(args);
        if (status != ExitStatus.GOES_ON.code()) {
            System.exit(status);
        }
    }
}
