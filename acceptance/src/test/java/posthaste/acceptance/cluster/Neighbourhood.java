package posthaste.acceptance.cluster;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Gives each part an address of its own. */
public interface Neighbourhood {
    /** The address of this JVM, seen from the parts. */
    String host();

    /** A home that nobody has yet. */
    Home next() throws InterruptedException;

    /**
     * Addresses of the loopback network, chosen at random: other clusters on this machine choose
     * others.
     */
    static Neighbourhood onLoopback() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String network = "127.%d.%d.".formatted(random.nextInt(64, 255), random.nextInt(256));
        return new Neighbourhood() {
            private int last;

            @Override
            public String host() {
                return "127.0.0.1";
            }

            @Override
            public Home next() {
                last++;
                return new Home(network + last, List.of());
            }
        };
    }
}
