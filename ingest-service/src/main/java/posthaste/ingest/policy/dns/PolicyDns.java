package posthaste.ingest.policy.dns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * Look-ups on dnsjava, with a cache of their own: what strangers make us ask for takes no room from
 * the routing of mail. Settings may change at any time; then the cache begins anew.
 */
public final class PolicyDns {
    private static final int TRIES = 2;
    private static final int CACHED_SETS = 50_000;
    private static final int LONGEST_TTL_SECONDS = 3600;
    private static final int LONGEST_NEGATIVE_TTL_SECONDS = 300;

    private record Asking(DnsSettings settings, LookupSession session) {}

    private final Supplier<DnsSettings> settings;
    private final AtomicReference<Asking> asking;

    public PolicyDns(Supplier<DnsSettings> settings) {
        this.settings = settings;
        this.asking = new AtomicReference<>(asking(settings.get()));
    }

    /** Begins a look-up; it ends within the timeout of the settings, without an exception. */
    public CompletableFuture<Answer> lookUp(Name name, int type) {
        Asking now = current();
        return now.session()
                .lookupAsync(name, type)
                .toCompletableFuture()
                // The resolver keeps to its timeout by itself; this is for one that does not.
                .orTimeout(now.settings().timeout().toMillis(), TimeUnit.MILLISECONDS)
                .handle(PolicyDns::answer);
    }

    /** Waits for an answer, at most so long. */
    public static Answer await(CompletionStage<Answer> answer, Duration atMost) {
        return answer.toCompletableFuture()
                .completeOnTimeout(
                        new Answer.Unanswered("no answer within " + atMost.toMillis() + " ms"),
                        Math.max(1, atMost.toMillis()),
                        TimeUnit.MILLISECONDS)
                .join();
    }

    private Asking current() {
        Asking known = asking.get();
        DnsSettings wanted = settings.get();
        if (known.settings().equals(wanted)) {
            return known;
        }
        Asking fresh = asking(wanted);
        return asking.compareAndSet(known, fresh) ? fresh : asking.get();
    }

    private static Asking asking(DnsSettings settings) {
        List<Resolver> resolvers = new ArrayList<>();
        for (var server :
                settings.servers().isEmpty()
                        ? ResolverConfig.getCurrentConfig().servers()
                        : settings.servers()) {
            SimpleResolver one = new SimpleResolver(server);
            one.setTimeout(settings.timeout().dividedBy(TRIES));
            resolvers.add(one);
        }
        ExtendedResolver all = new ExtendedResolver(resolvers);
        all.setRetries(TRIES);
        all.setTimeout(settings.timeout());
        Cache cache = new Cache(DClass.IN);
        cache.setMaxEntries(CACHED_SETS);
        cache.setMaxCache(LONGEST_TTL_SECONDS);
        cache.setMaxNCache(LONGEST_NEGATIVE_TTL_SECONDS);
        return new Asking(
                settings,
                LookupSession.builder().resolver(all).cache(cache).executor(Runnable::run).build());
    }

    private static Answer answer(LookupResult result, Throwable failure) {
        if (failure == null) {
            List<Record> records = result.getRecords();
            return records.isEmpty() ? new Answer.NoData() : new Answer.Found(records);
        }
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return switch (cause) {
            case NoSuchDomainException _ -> new Answer.NoSuchName();
            case NoSuchRRSetException _ -> new Answer.NoData();
            default -> new Answer.Unanswered(cause.toString());
        };
    }
}
