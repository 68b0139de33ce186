package posthaste.ingest;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.TomcatProtocolHandlerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import posthaste.body.MemoryBudget;
import posthaste.ingest.accept.Acceptor;
import posthaste.ingest.http.ApiAccess;
import posthaste.ingest.http.BodyPatience;
import posthaste.ingest.http.HttpProblem;
import posthaste.ingest.http.HttpProperties;
import posthaste.ingest.http.IdempotencyKeys;
import posthaste.ingest.http.Injection;
import posthaste.ingest.http.InjectionApi;
import posthaste.ingest.http.InjectionDescription;
import posthaste.ingest.http.InjectionProblems;
import posthaste.ingest.listener.SmtpProperties;
import posthaste.ingest.policy.StreamChoice;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.policy.assembly.ListenerPolicies;
import posthaste.ingest.submitter.Login;
import posthaste.queue.control.SharedFacts;
import posthaste.service.openapi.OpenApiPart;
import posthaste.service.settings.QueueProperties;
import posthaste.service.storage.StorageGuard;

/** The HTTP interface: the same flow, policies and limits as behind SMTP. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HttpProperties.class)
@Import(InjectionProblems.class)
public class HttpConfiguration {
    /** Some milliseconds usually; who waits longer has a broker in trouble. */
    private static final Duration TELLING = Duration.ofSeconds(2);

    @Bean
    IdempotencyKeys idempotencyKeys(
            HttpProperties properties, InstantSource clock, SharedFacts facts) {
        IdempotencyKeys keys =
                new IdempotencyKeys(
                        properties.maxIdempotencyKeys(),
                        properties.idempotency(),
                        TELLING,
                        clock,
                        facts::tell);
        facts.listen(IdempotencyKeys.KIND, keys::told);
        return keys;
    }

    @Bean
    Injection injection(
            SmtpProperties smtp,
            HttpProperties properties,
            QueueProperties queue,
            ListenerPolicies policies,
            ObjectProvider<SubmissionPolicy> others,
            Acceptor frontDoor,
            StorageGuard guard,
            MemoryBudget memory,
            InstantSource clock) {
        return new Injection(
                policies.of(smtp.hostName(), List.of(), true, others.orderedStream().toList()),
                new StreamChoice(queue.streams(), _ -> false),
                frontDoor,
                guard::acceptsMail,
                memory,
                clock,
                new Injection.Limits(
                        smtp.maxMessageSize().toBytes(),
                        smtp.maxHeaderSize().toBytes(),
                        properties.maxJsonSize().toBytes(),
                        smtp.maxRecipients(),
                        smtp.memoryWait(),
                        new BodyPatience(
                                smtp.dataTimeout(), smtp.dataGrace(), smtp.minDataRate().toBytes()),
                        smtp.defaultStream()));
    }

    @Bean
    InjectionApi injectionApi(
            ObjectProvider<ApiAccess> access,
            Injection injection,
            IdempotencyKeys keys,
            HttpProperties properties) {
        return new InjectionApi(
                access.getIfAvailable(() -> HttpConfiguration::nobody),
                injection,
                keys,
                properties.maxRequests());
    }

    /**
     * Who reads or waits for a body holds a thread: one of its own, so that slow clients leave the
     * operator's page its threads. How many there are at once is bounded by {@code
     * server.tomcat.max-connections}.
     */
    @Bean
    TomcatProtocolHandlerCustomizer<?> threadPerRequest() {
        return handler ->
                handler.setExecutor(
                        Executors.newThreadPerTaskExecutor(
                                Thread.ofVirtual().name("http-", 0).factory()));
    }

    @Bean
    OpenApiPart openApiOfSubmission() {
        return InjectionDescription.part();
    }

    private static Login nobody(String secret) {
        throw HttpProblem.of(401, "No API keys are configured.");
    }
}
