package posthaste.service.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of the machine, where none is configured. */
public final class HostName {

    private HostName() {}

    /** As the machine calls itself; {@code localhost} where its own name is in no table. */
    public static String ofThisMachine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
