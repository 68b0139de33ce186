package posthaste.bounce.web;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import posthaste.body.BodyWriter;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.memory.MemoryBodyStore;
import posthaste.bounce.audit.AuditConfiguration;
import posthaste.bounce.deliverylog.DeliveryLogConfiguration;
import posthaste.bounce.deliverylog.Story;
import posthaste.bounce.inbound.rules.InvalidRulesException;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.bounce.quarantine.QuarantineConfiguration;
import posthaste.bounce.salvage.SalvageConfiguration;
import posthaste.bounce.suppression.SuppressionConfiguration;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.MailQueue;
import posthaste.queue.QueueConsumer;
import posthaste.queue.Settlement;
import posthaste.queue.memory.MemoryMailQueue;
import posthaste.service.reload.FileWatch;
import posthaste.service.settings.QueueProperties;
import posthaste.service.settings.RetryProperties;
import posthaste.service.settings.ServiceProperties;
import posthaste.testing.SettableClock;

/** The page and REST on a real port, with a real log, and a queue in memory. */
final class WebFixture implements AutoCloseable {
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    static final String PASSWORD = "correct horse bättery";

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "posthaste.service.ServiceAutoConfiguration",
                "posthaste.service.engine.SettlementAutoConfiguration"
            })
    @EnableConfigurationProperties({
        ServiceProperties.class,
        QueueProperties.class,
        RetryProperties.class
    })
    @Import({
        DeliveryLogConfiguration.class,
        AuditConfiguration.class,
        SalvageConfiguration.class,
        QuarantineConfiguration.class,
        SuppressionConfiguration.class,
        WebConfiguration.class,
        SlowAnswer.class
    })
    static class Parts {
        @Bean
        SettableClock clock() {
            return SettableClock.at(NOON);
        }

        /** Who does not say otherwise is given up by Tomcat after a second, and not after 30. */
        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> hastyTomcat() {
            return server ->
                    server.addConnectorCustomizers(connector -> connector.setAsyncTimeout(1000));
        }

        @Bean
        FileWatch fileWatch(MeterRegistry meters) {
            return new FileWatch(Duration.ofHours(1), meters);
        }

        @Bean
        MemoryBodyStore bodyStore(InstantSource clock) {
            return new MemoryBodyStore(
                    new MemoryBudget(1 << 24), Long.MAX_VALUE, clock, Duration.ofMinutes(10));
        }

        @Bean
        RuleBook bounceRules() throws InvalidRulesException {
            return RuleBook.open(List.of());
        }

        @Bean
        MailQueue mailQueue(InstantSource clock) {
            return new MemoryMailQueue(clock);
        }
    }

    /** A file that takes longer to make than Tomcat waits of itself. */
    @RestController
    static class SlowAnswer {
        static final String PATH = "/slow";

        @GetMapping(PATH)
        StreamingResponseBody slow() {
            return out -> {
                out.write("begun, ".getBytes(StandardCharsets.UTF_8));
                out.flush();
                try {
                    // Tomcat looks for what took too long once a second.
                    Thread.sleep(Duration.ofMillis(3500));
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                out.write("ended".getBytes(StandardCharsets.UTF_8));
            };
        }
    }

    private WebFixture(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static WebFixture start(String databaseUrl, Path data, Map<String, String> more) {
        Map<String, String> properties = new TreeMap<>();
        // Not as a process of its own, with its management port, but as in standalone.
        properties.put("spring.config.location", "optional:classpath:/none/");
        properties.put("management.endpoint.health.group.readiness.include", "readinessState");
        properties.put("server.port", "0");
        properties.put("spring.datasource.url", databaseUrl);
        properties.put("spring.datasource.username", "postgres");
        properties.put("posthaste.data-dir", data.toString());
        properties.put("posthaste.web.admin-password", PASSWORD);
        properties.put("posthaste.log.linger", "1ms");
        properties.put("posthaste.audit.patience", "1s");
        properties.putAll(more);
        return new WebFixture(
                new SpringApplicationBuilder(Parts.class)
                        .web(WebApplicationType.SERVLET)
                        .run(
                                properties.entrySet().stream()
                                        .map(p -> "--" + p.getKey() + "=" + p.getValue())
                                        .toArray(String[]::new)));
    }

    SettableClock clock() {
        return context.getBean(SettableClock.class);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    URI uri(String path) {
        return URI.create(
                "http://127.0.0.1:"
                        + context.getEnvironment().getProperty("local.server.port")
                        + path);
    }

    /** Sets a mail aside, with a message. */
    void quarantine(Story story, String message) throws Exception {
        BodyRef body;
        try (BodyWriter writer =
                bean(MemoryBodyStore.class).begin(Generation.QUARANTINE, Duration.ofSeconds(1))) {
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            writer.write(bytes, 0, bytes.length);
            body = writer.commit(story.id().value(), new byte[0], Duration.ofSeconds(5));
        }
        Envelope envelope =
                story.envelope()
                        .handled(
                                Handling.ORDINARY.stoppingAt(
                                        new FirstStop.Quarantine(
                                                "rspamd: reject, score 17.3 of 15.0 <b>bold</b>")));
        publish(Topics.QUARANTINE, Job.first(envelope, body, 0, true));
    }

    void publish(String topic, MailRecord... records) throws Exception {
        context.getBean(MailQueue.class)
                .publisher()
                .publish(
                        List.of(records).stream()
                                .map(r -> new OutgoingRecord(topic, r.mailId().value(), r))
                                .toList(),
                        Duration.ofSeconds(5));
    }

    /** Settles what stands on an outbound topic without a trace. */
    void takeAway(String topic) {
        MailQueue queue = context.getBean(MailQueue.class);
        ConsumerPlan plan =
                new ConsumerPlan(
                        "thief",
                        Topics.DELIVERY_GROUP,
                        Map.of(topic, Duration.ZERO),
                        10,
                        Duration.ofMillis(1),
                        Duration.ofSeconds(1));
        try (QueueConsumer thief = queue.consumer(plan, _ -> Settlement.nothing())) {
            thief.start();
            await().until(() -> thief.statistics().settled() > 0);
        }
    }

    /** As admin. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(path, "Authorization", basic("admin", PASSWORD));
    }

    /** With these headers alone. */
    HttpResponse<String> get(String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** As admin, with these headers. */
    HttpResponse<String> post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Authorization", basic("admin", PASSWORD))
                        .POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** As admin, with these headers. */
    HttpResponse<String> delete(String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Authorization", basic("admin", PASSWORD))
                        .DELETE();
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    static String basic(String user, String password) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        http.close();
        context.close();
    }
}
