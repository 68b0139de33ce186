package posthaste.outbound.routing;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.outbound.tls.TlsPolicy;

/** Finds the hosts of a domain (RFC 5321 section 5.1, RFC 7505). */
public final class Router {
    private static final EnhancedStatusCode NULL_MX = new EnhancedStatusCode(5, 1, 10);
    private static final EnhancedStatusCode NO_SUCH_DOMAIN = new EnhancedStatusCode(5, 1, 2);
    private static final EnhancedStatusCode NOT_PROVED = new EnhancedStatusCode(5, 7, 10);
    private static final EnhancedStatusCode LOOP = new EnhancedStatusCode(5, 4, 6);

    private final RoutingSettings settings;
    private final RoutingTable table;
    private final DomainPatterns<TlsPolicy> tls;
    private final AddressRules rules;
    private final Set<String> ownNames = new HashSet<>();
    private final Dns dns;

    public Router(RoutingSettings settings) {
        this.settings = settings;
        this.table = new RoutingTable(settings.relayTo(), settings.routes());
        this.tls = new DomainPatterns<>(settings.tls());
        this.rules = new AddressRules(settings.allowedNetworks(), settings.ownAddresses());
        this.dns = new Dns(settings.dnsServers(), settings.dnsTimeout());
        settings.ownNames().forEach(name -> ownNames.add(name.toLowerCase(Locale.ROOT)));
    }

    /** Which way a domain's mail goes; asks nobody. */
    public Route route(String domain) {
        return table.route(domain);
    }

    /** What TLS the hosts of a domain have to have; empty: as for all. */
    public Optional<TlsPolicy> tls(String domain) {
        return tls.find(domain);
    }

    /**
     * The addresses to try, in order; they are looked up as they are asked for.
     *
     * @param proved whether hosts that DNS names have to be proved by DNSSEC (RFC 8689 section
     *     4.2.1)
     * @throws ResolverUnavailableException when our resolver is away
     */
    public Candidates candidates(Route route, boolean proved)
            throws ResolverUnavailableException, InterruptedException {
        return switch (route) {
            case Route.ToNextHop(NextHop nextHop) ->
                    candidates(List.of(nextHop.host()), nextHop.port(), true);
            case Route.ToLiteral(String literal) ->
                    candidates(List.of(addressIn(literal)), settings.port(), false);
            case Route.ByMx(String domain) -> byMx(domain, proved);
        };
    }

    private Candidates byMx(String domain, boolean proved)
            throws ResolverUnavailableException, InterruptedException {
        Name name = absolute(domain);
        return switch (dns.lookUp(name, Type.MX)) {
            case Dns.Answer.NoSuchName _ ->
                    none(
                            Candidates.failed(
                                    NO_SUCH_DOMAIN, "the domain " + domain + " does not exist"));
            case Dns.Answer.Unanswered(String why) -> none(Candidates.notResolved(why));
            case Dns.Answer.NoData _ ->
                    isOurs(domain)
                            ? none(loop(domain))
                            : candidates(List.of(domain), settings.port(), false);
            case Dns.Answer.Found(List<Record> records) ->
                    proved && !(settings.dnssec() && dns.isProved(name, Type.MX))
                            ? none(
                                    Candidates.failed(
                                            NOT_PROVED,
                                            "nothing proves that the hosts of "
                                                    + domain
                                                    + " are its own (DNSSEC)"))
                            : byMx(domain, records);
        };
    }

    private static Outcome loop(String domain) {
        return Candidates.failed(LOOP, "the mail for " + domain + " loops back to ourselves");
    }

    private Candidates byMx(String domain, List<Record> records) {
        List<MXRecord> hosts = new ArrayList<>();
        for (Record record : records) {
            if (record instanceof MXRecord mx && !mx.getTarget().equals(Name.root)) {
                hosts.add(mx);
            }
        }
        if (hosts.isEmpty()) {
            return none(
                    Candidates.failed(
                            NULL_MX, "the domain " + domain + " takes no mail (null MX)"));
        }
        // Shuffled, then sorted by a stable sort: in random order among equals.
        Collections.shuffle(hosts, ThreadLocalRandom.current());
        hosts.sort(Comparator.comparingInt(MXRecord::getPriority));
        List<String> names = new ArrayList<>();
        int ourPreference =
                hosts.stream()
                        .filter(mx -> isOurs(mx.getTarget().toString(true)))
                        .mapToInt(MXRecord::getPriority)
                        .min()
                        .orElse(Integer.MAX_VALUE);
        for (MXRecord mx : hosts) {
            if (mx.getPriority() < ourPreference && names.size() < mostHosts()) {
                names.add(mx.getTarget().toString(true));
            }
        }
        return names.isEmpty() ? none(loop(domain)) : candidates(names, settings.port(), false);
    }

    /**
     * Beyond the addresses that may be tried, since a host may have none; a thousand MX are bait.
     */
    private int mostHosts() {
        return 2 * settings.maxAddresses();
    }

    private boolean isOurs(String host) {
        return ownNames.contains(host.toLowerCase(Locale.ROOT));
    }

    private Candidates candidates(List<String> hosts, int port, boolean configured) {
        return new Candidates(dns, rules, hosts, port, configured, settings.maxAddresses());
    }

    private Candidates none(Outcome verdict) {
        return candidates(List.of(), settings.port(), false).withVerdict(verdict);
    }

    private static String addressIn(String literal) {
        String inner = literal.substring(1, literal.length() - 1);
        String address = inner.regionMatches(true, 0, "IPv6:", 0, 5) ? inner.substring(5) : inner;
        return InetAddress.ofLiteral(address).getHostAddress();
    }

    static Name absolute(String name) {
        try {
            return Name.fromString(name, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException("no domain name: " + name, e);
        }
    }
}
