package posthaste.bench;

import java.net.InetSocketAddress;
import java.time.Duration;
import posthaste.bench.load.Load;
import posthaste.bench.load.SizeMix;

/**
 * One kind of load, whichever relay it is sent to.
 *
 * @param name for the table
 * @param rate mails a second by schedule; 0: as fast as they are answered
 * @param mailsPerConnection 0: a connection is kept
 */
public record Scenario(
        String name,
        int mails,
        int sessions,
        double rate,
        int mailsPerConnection,
        boolean pipelining,
        int recipients,
        SizeMix sizes) {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String DOMAIN = "bench.example";

    /** So many mails by so many sessions, 10 KiB and one recipient each, a connection each. */
    public static Scenario of(String name, int mails, int sessions) {
        return new Scenario(name, mails, sessions, 0, 1, false, 1, SizeMix.parse("10KiB"));
    }

    /** With connections that are kept. */
    public Scenario reusing() {
        return new Scenario(name, mails, sessions, rate, 0, pipelining, recipients, sizes);
    }

    /** By a schedule of so many mails a second. */
    public Scenario scheduled(double mailsASecond) {
        return new Scenario(
                name,
                mails,
                sessions,
                mailsASecond,
                mailsPerConnection,
                pipelining,
                recipients,
                sizes);
    }

    public Scenario sized(String mix) {
        return new Scenario(
                name,
                mails,
                sessions,
                rate,
                mailsPerConnection,
                pipelining,
                recipients,
                SizeMix.parse(mix));
    }

    Load load(InetSocketAddress target) {
        return new Load(
                target,
                mails,
                sessions,
                rate,
                mailsPerConnection,
                pipelining,
                recipients,
                DOMAIN,
                sizes,
                PATIENCE);
    }
}
