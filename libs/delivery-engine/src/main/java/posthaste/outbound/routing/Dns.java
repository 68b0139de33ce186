package posthaste.outbound.routing;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * Look-ups with a cache, on dnsjava. Tells a name that cannot be resolved from a resolver that
 * resolves nothing.
 */
final class Dns {
    private static final Logger LOG = LoggerFactory.getLogger(Dns.class);
    private static final int TRIES = 2;
    private static final int CACHED_SETS = 100_000;
    private static final int LONGEST_TTL_SECONDS = 3600;
    private static final int LONGEST_NEGATIVE_TTL_SECONDS = 300;

    /** For so long it is known that the resolver is there, or is away. */
    private static final Duration PROOF = Duration.ofSeconds(2);

    private static final Duration GRACE = Duration.ofSeconds(1);

    /** What a look-up led to. */
    sealed interface Answer {
        /** At least one. */
        record Found(List<Record> records) implements Answer {}

        /** The name is there and has no such records. */
        record NoData() implements Answer {}

        record NoSuchName() implements Answer {}

        /** SERVFAIL, no answer in time, an answer that makes no sense. */
        record Unanswered(String why) implements Answer {}
    }

    private final Resolver resolver;
    private final Duration timeout;
    private final LookupSession publicNames;
    private final LookupSession ourNames;
    private final ReentrantLock askingRoot = new ReentrantLock();
    private volatile long answeredAt = System.nanoTime() - PROOF.toNanos();
    private volatile long foundAwayAt = answeredAt;

    /**
     * Asks these servers.
     *
     * @param servers empty: those of the system
     * @param timeout for a look-up, repetitions included
     */
    Dns(List<InetSocketAddress> servers, Duration timeout) {
        this.timeout = timeout;
        ResolverConfig system = ResolverConfig.getCurrentConfig();
        List<Resolver> resolvers = new ArrayList<>();
        for (InetSocketAddress server : servers.isEmpty() ? system.servers() : servers) {
            SimpleResolver one = new SimpleResolver(server);
            one.setTimeout(timeout.dividedBy(TRIES));
            resolvers.add(one);
        }
        ExtendedResolver all = new ExtendedResolver(resolvers);
        all.setRetries(TRIES);
        all.setTimeout(timeout);
        this.resolver = all;
        Cache cache = new Cache(DClass.IN);
        cache.setMaxEntries(CACHED_SETS);
        cache.setMaxCache(LONGEST_TTL_SECONDS);
        cache.setMaxNCache(LONGEST_NEGATIVE_TTL_SECONDS);
        this.publicNames =
                LookupSession.builder()
                        .resolver(resolver)
                        .cache(cache)
                        .executor(Runnable::run)
                        .build();
        this.ourNames =
                LookupSession.builder()
                        .resolver(resolver)
                        .cache(cache)
                        .executor(Runnable::run)
                        .defaultHostsFileParser()
                        .searchPath(system.searchPath())
                        .ndots(system.ndots())
                        .build();
    }

    /** A name as the internet knows it: neither hosts file nor search path. */
    Answer lookUp(Name name, int type) throws ResolverUnavailableException, InterruptedException {
        return answer(name, type, publicNames.lookupAsync(name, type));
    }

    /**
     * Whether the resolver says that it has proved the answer by DNSSEC (RFC 4035 section 3.2.3).
     * Not from the cache, which does not know: for the few mails that need it.
     */
    boolean isProved(Name name, int type) throws InterruptedException {
        Message question = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        question.getHeader().setFlag(Flags.AD);
        try {
            Message answer = await(resolver.sendAsync(question));
            return answer.getRcode() == Rcode.NOERROR && answer.getHeader().getFlag(Flags.AD);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("no proof of {}: {}", name, String.valueOf(e.getCause()));
            return false;
        }
    }

    /**
     * The addresses of a host, IPv4 and IPv6 asked for at the same time.
     *
     * @param ours a name of our own configuration: the system's hosts file and search path count
     */
    List<Answer> lookUpAddresses(Name host, boolean ours)
            throws ResolverUnavailableException, InterruptedException {
        LookupSession session = ours ? ourNames : publicNames;
        var ipv4 = session.lookupAsync(host, Type.A);
        var ipv6 = session.lookupAsync(host, Type.AAAA);
        return List.of(answer(host, Type.A, ipv4), answer(host, Type.AAAA, ipv6));
    }

    private Answer answer(Name name, int type, CompletionStage<LookupResult> lookUp)
            throws ResolverUnavailableException, InterruptedException {
        try {
            List<Record> records = await(lookUp).getRecords();
            return answered(records.isEmpty() ? new Answer.NoData() : new Answer.Found(records));
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case NoSuchDomainException _ -> answered(new Answer.NoSuchName());
                case NoSuchRRSetException _ -> answered(new Answer.NoData());
                case null, default -> unanswered(name, type, String.valueOf(e.getCause()));
            };
        } catch (TimeoutException e) {
            return unanswered(name, type, "no answer within " + timeout.toMillis() + " ms");
        }
    }

    private Answer answered(Answer answer) {
        answeredAt = System.nanoTime();
        return answer;
    }

    /**
     * The fault of the name's own servers, unless the resolver has nothing to say about the root
     * either: that is asked by one thread, for all.
     */
    private Answer unanswered(Name name, int type, String why)
            throws ResolverUnavailableException, InterruptedException {
        askingRoot.lockInterruptibly();
        try {
            if (!isFresh(answeredAt) && (isFresh(foundAwayAt) || !knowsTheRoot())) {
                throw new ResolverUnavailableException(
                        "the resolver answers neither for " + name + " nor for the root: " + why);
            }
        } finally {
            askingRoot.unlock();
        }
        return new Answer.Unanswered(
                "no answer for " + Type.string(type) + " of " + name.toString(true) + ": " + why);
    }

    private boolean knowsTheRoot() throws InterruptedException {
        Message question = Message.newQuery(Record.newRecord(Name.root, Type.NS, DClass.IN));
        try {
            int rcode = await(resolver.sendAsync(question)).getRcode();
            if (rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN) {
                answeredAt = System.nanoTime();
                return true;
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the resolver does not answer for the root: {}", String.valueOf(e.getCause()));
        }
        foundAwayAt = System.nanoTime();
        return false;
    }

    /** The resolver keeps to its timeout by itself; this one is for a resolver that does not. */
    private <T> T await(CompletionStage<T> stage)
            throws ExecutionException, TimeoutException, InterruptedException {
        return stage.toCompletableFuture().get(timeout.plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
    }

    private static boolean isFresh(long nanoTime) {
        return System.nanoTime() - nanoTime < PROOF.toNanos();
    }
}
