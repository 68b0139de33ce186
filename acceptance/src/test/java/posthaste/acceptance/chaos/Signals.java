package posthaste.acceptance.chaos;

import java.io.IOException;
import posthaste.testing.Requires;

/** Signals that Java has no word for, to processes that we started. */
final class Signals {
    private Signals() {}

    static void stop(long pid) throws IOException, InterruptedException {
        send("-STOP", pid);
    }

    static void goOn(long pid) throws IOException, InterruptedException {
        send("-CONT", pid);
    }

    private static void send(String signal, long pid) throws IOException, InterruptedException {
        int status =
                new ProcessBuilder(Requires.program("kill").toString(), signal, String.valueOf(pid))
                        .inheritIO()
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IOException("kill " + signal + " " + pid + " ended with " + status);
        }
    }
}
