package posthaste.ingest.policy.assembly;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import posthaste.body.BodyStore;
import posthaste.body.MemoryBudget;
import posthaste.ingest.policy.book.Policy;
import posthaste.ingest.policy.book.PolicyFile;
import posthaste.ingest.policy.dns.PolicyDns;
import posthaste.ingest.policy.rate.FactBoard;
import posthaste.ingest.policy.rate.Quotas;
import posthaste.ingest.policy.stress.Pressure;
import posthaste.ingest.policy.stress.ProcessPressures;
import posthaste.ingest.policy.stress.Stress;
import posthaste.queue.control.SharedFacts;
import posthaste.service.Instance;
import posthaste.service.reload.FileWatch;
import posthaste.service.storage.StorageGuard;

/** What decides who may submit what. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PolicyProperties.class)
public class PolicyConfiguration {

    /**
     * What the policy file says just now.
     *
     * @param current asked by every session, without a lock
     */
    public record PolicyInForce(Supplier<Policy> current) {}

    @Bean
    PolicyInForce policyInForce(PolicyProperties properties, FileWatch files) {
        return properties.hasFile()
                ? new PolicyInForce(
                        files.watch("policy", Path.of(properties.file()), PolicyFile::read)
                                ::current)
                : new PolicyInForce(() -> Policy.DEFAULT);
    }

    @Bean
    Quotas quotas(
            PolicyInForce policy,
            PolicyProperties properties,
            Instance instance,
            SharedFacts facts,
            InstantSource clock,
            MeterRegistry registry) {
        Quotas quotas =
                new Quotas(
                        () -> policy.current().get().limits(),
                        instance.name(),
                        new FactBoard(facts),
                        clock,
                        System::nanoTime,
                        properties.usageInterval());
        Gauge.builder("posthaste.ingest.limits.accounts", quotas, Quotas::accounts)
                .description("Accounts of limits in memory")
                .register(registry);
        return quotas;
    }

    @Bean
    Stress stress(
            PolicyInForce policy,
            PolicyProperties properties,
            MemoryBudget memory,
            BodyStore bodies,
            StorageGuard guard,
            MeterRegistry registry) {
        Stress stress =
                new Stress(
                        () -> policy.current().get().stress(),
                        List.of(
                                new Pressure("memory", () -> inUse(memory, bodies)),
                                new Pressure("storage", () -> inUse(guard))),
                        properties.stressInterval(),
                        registry);
        ProcessPressures.all().forEach(stress::watch);
        return stress;
    }

    @Bean
    ListenerPolicies listenerPolicies(
            PolicyInForce policy, Quotas quotas, Stress stress, MeterRegistry registry) {
        return new ListenerPolicies(
                policy.current(),
                quotas,
                new PolicyDns(() -> policy.current().get().dns()),
                stress,
                registry);
    }

    /** What a cache holds is given back to whoever needs it. */
    private static double inUse(MemoryBudget memory, BodyStore bodies) {
        long used = memory.used() - bodies.statistics().cachedBytes();
        return (double) Math.max(0, used) / memory.size();
    }

    /** Below the floor everyone is told so by reply; strangers are sent away before the rest. */
    private static double inUse(StorageGuard guard) {
        return switch (guard.room()) {
            case AMPLE -> 0;
            case SCARCE -> 0.9;
            case NONE -> 1;
        };
    }
}
