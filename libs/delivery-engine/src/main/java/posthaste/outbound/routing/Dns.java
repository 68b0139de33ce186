package posthaste.outbound.routing;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * Look-ups with a cache, on dnsjava. Tells a name that cannot be resolved from a resolver that
 * resolves nothing.
 */
final class Dns {
    private static final int TRIES = 2;
    private static final int CACHED_SETS = 100_000;
    private static final int LONGEST_TTL_SECONDS = 3600;
    private static final int LONGEST_NEGATIVE_TTL_SECONDS = 300;

    /** An answer of the resolver proves for so long that it is there. */
    private static final Duration PROOF = Duration.ofSeconds(5);

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
    private final ReentrantLock asking = new ReentrantLock();
    private volatile long answeredAt = System.nanoTime() - PROOF.toNanos();

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
        return lookUp(publicNames, name, type);
    }

    /** A host name from our configuration, with the system's hosts file and search path. */
    Answer lookUpOurs(Name name, int type)
            throws ResolverUnavailableException, InterruptedException {
        return lookUp(ourNames, name, type);
    }

    private Answer lookUp(LookupSession session, Name name, int type)
            throws ResolverUnavailableException, InterruptedException {
        try {
            List<Record> records =
                    session.lookupAsync(name, type)
                            .toCompletableFuture()
                            .get(2 * timeout.toNanos(), TimeUnit.NANOSECONDS)
                            .getRecords();
            answeredAt = System.nanoTime();
            return records.isEmpty() ? new Answer.NoData() : new Answer.Found(records);
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
     * either: that is asked by one thread at a time, for all.
     */
    private Answer unanswered(Name name, int type, String why)
            throws ResolverUnavailableException, InterruptedException {
        asking.lockInterruptibly();
        try {
            if (System.nanoTime() - answeredAt > PROOF.toNanos() && !knowsTheRoot()) {
                throw new ResolverUnavailableException(
                        "the resolver answers neither for " + name + " nor for the root: " + why);
            }
        } finally {
            asking.unlock();
        }
        return new Answer.Unanswered(
                "no answer for " + Type.string(type) + " of " + name.toString(true) + ": " + why);
    }

    private boolean knowsTheRoot() throws InterruptedException {
        try {
            org.xbill.DNS.Message answer =
                    resolver.sendAsync(
                                    org.xbill.DNS.Message.newQuery(
                                            Record.newRecord(Name.root, Type.NS, DClass.IN)))
                            .toCompletableFuture()
                            .get(2 * timeout.toNanos(), TimeUnit.NANOSECONDS);
            boolean known =
                    answer.getRcode() == org.xbill.DNS.Rcode.NOERROR
                            || answer.getRcode() == org.xbill.DNS.Rcode.NXDOMAIN;
            if (known) {
                answeredAt = System.nanoTime();
            }
            return known;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
