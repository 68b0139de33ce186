package posthaste.outbound.routing;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Record;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.Outcome.Deferred;
import posthaste.mail.outcome.Outcome.Failed;
import posthaste.mail.outcome.Outcome.Kind;
import posthaste.mail.status.EnhancedStatusCode;

/**
 * The addresses of a destination in the order in which they are to be tried, each host's looked up
 * only when its turn comes. For one attempt, used by one thread.
 */
public final class Candidates {
    private static final EnhancedStatusCode NO_ADDRESS = new EnhancedStatusCode(5, 4, 4);
    private static final EnhancedStatusCode NOT_RESOLVED = new EnhancedStatusCode(4, 4, 3);
    private static final EnhancedStatusCode OUR_ROUTE = new EnhancedStatusCode(4, 4, 4);

    private final Dns dns;
    private final AddressRules rules;
    private final Deque<String> hosts;
    private final int port;
    private final boolean configured;
    private final Deque<HostAddress> addresses = new ArrayDeque<>();
    private int left;
    private @Nullable Outcome verdict;

    /**
     * Tries these hosts.
     *
     * @param hosts names or IP addresses
     * @param configured whether our configuration names them: any address is allowed then
     * @param most addresses to give
     */
    Candidates(
            Dns dns,
            AddressRules rules,
            List<String> hosts,
            int port,
            boolean configured,
            int most) {
        this.dns = dns;
        this.rules = rules;
        this.hosts = new ArrayDeque<>(hosts);
        this.port = port;
        this.configured = configured;
        this.left = most;
    }

    /** With an outcome that is known already, if there are no hosts. */
    Candidates withVerdict(Outcome known) {
        this.verdict = known;
        return this;
    }

    /**
     * The next address.
     *
     * @return empty when all were given, or as many as an attempt may try
     */
    public Optional<HostAddress> next() throws ResolverUnavailableException, InterruptedException {
        if (left == 0) {
            return Optional.empty();
        }
        while (addresses.isEmpty() && !hosts.isEmpty()) {
            resolve(hosts.removeFirst());
        }
        HostAddress next = addresses.pollFirst();
        if (next != null) {
            left--;
        }
        return Optional.ofNullable(next);
    }

    /** How many more may come: an estimate, by which the time that is left is shared out. */
    public int atMostLeft() {
        return Math.min(left, addresses.size() + hosts.size());
    }

    /** The outcome when not one address was given. */
    public Outcome verdict() {
        Outcome known = verdict;
        return known != null ? known : failed(NO_ADDRESS, "the domain has no host that takes mail");
    }

    static Outcome failed(EnhancedStatusCode status, String reason) {
        return new Failed(status, Optional.empty(), reason);
    }

    static Outcome notResolved(String why) {
        return new Deferred(NOT_RESOLVED, Optional.empty(), why, Kind.ATTEMPTED, Duration.ZERO);
    }

    private void resolve(String host) throws ResolverUnavailableException, InterruptedException {
        Optional<InetAddress> literal = literal(host);
        if (literal.isPresent()) {
            offer(host, literal.get());
            return;
        }
        boolean found = false;
        Outcome why = noAddress(host);
        for (Dns.Answer answer : dns.lookUpAddresses(Router.absolute(host), configured)) {
            switch (answer) {
                case Dns.Answer.Found(List<Record> records) -> {
                    found = true;
                    addressesIn(records).forEach(address -> offer(host, address));
                }
                case Dns.Answer.Unanswered(String reason) -> why = notResolved(reason);
                case Dns.Answer.NoData _, Dns.Answer.NoSuchName _ -> {
                    // The other family may have one.
                }
            }
        }
        if (!found) {
            note(why);
        }
    }

    private void offer(String host, InetAddress address) {
        if (!configured) {
            Optional<AddressRules.Objection> objection = rules.objection(address);
            if (objection.isPresent()) {
                note(
                        failed(
                                objection.get().status(),
                                "the host "
                                        + host
                                        + "["
                                        + address.getHostAddress()
                                        + "] "
                                        + objection.get().reason()));
                return;
            }
        }
        addresses.addLast(new HostAddress(host, address, port));
    }

    /** A name of our own configuration that has no address is ours to repair: the mail waits. */
    private Outcome noAddress(String host) {
        return configured
                ? new Deferred(
                        OUR_ROUTE,
                        Optional.empty(),
                        "the configured host " + host + " has no address",
                        Kind.ATTEMPTED,
                        Duration.ZERO)
                : failed(NO_ADDRESS, "the host " + host + " has no address");
    }

    /** The most hopeful verdict counts; among equals the first, of the most preferred host. */
    private void note(Outcome outcome) {
        if (verdict == null || (verdict instanceof Failed && outcome instanceof Deferred)) {
            verdict = outcome;
        }
    }

    private static List<InetAddress> addressesIn(List<Record> records) {
        List<InetAddress> addresses = new ArrayList<>();
        for (Record record : records) {
            if (record instanceof ARecord a) {
                addresses.add(a.getAddress());
            } else if (record instanceof AAAARecord aaaa) {
                addresses.add(aaaa.getAddress());
            }
        }
        return addresses;
    }

    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
