package posthaste.bounce.web;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import posthaste.bounce.audit.QueueView;
import posthaste.bounce.charts.Charts;
import posthaste.bounce.charts.QueueSampler;
import posthaste.bounce.charts.QueueSamples;
import posthaste.bounce.charts.StorageSamples;
import posthaste.bounce.deliverylog.LastSuccess;
import posthaste.bounce.deliverylog.LogCharts;
import posthaste.bounce.deliverylog.LogDatabase;
import posthaste.bounce.deliverylog.LogProperties;
import posthaste.bounce.login.SecurityConfiguration;
import posthaste.bounce.login.WebProperties;
import posthaste.bounce.operator.ActionRetention;
import posthaste.bounce.operator.OperatorActions;
import posthaste.bounce.rest.ActionsApi;
import posthaste.bounce.rest.ChartsApi;
import posthaste.bounce.rest.OpenApi;
import posthaste.bounce.rest.OrdersApi;
import posthaste.bounce.rest.QuarantineApi;
import posthaste.bounce.rest.RecordedSuppressions;
import posthaste.bounce.rest.RestApi;
import posthaste.bounce.rest.RestProblems;
import posthaste.bounce.rest.SuppressionsApi;
import posthaste.bounce.suppression.SuppressionOrders;
import posthaste.service.storage.StorageGuard;

/** The web page and REST; log and audit are composed beside it. */
@Configuration(proxyBeanMethods = false)
@Import({
    SecurityConfiguration.class,
    RestApi.class,
    OrdersApi.class,
    SuppressionsApi.class,
    OpenApi.class,
    RestProblems.class,
    Pages.class,
    AuditPage.class,
    QuarantineApi.class,
    QuarantinePage.class,
    SuppressionPage.class,
    ActionsPage.class,
    ChartsPage.class,
    ChartsApi.class,
    ActionsApi.class,
    PageFrame.class,
    PageProblems.class
})
public class WebConfiguration {
    private static final Duration SAMPLED = Duration.ofMinutes(1);

    @Bean
    OperatorActions operatorActions(LogDatabase database, InstantSource clock) {
        return new OperatorActions(database, clock);
    }

    @Bean
    ActionRetention actionRetention(
            OperatorActions actions,
            InstantSource clock,
            WebProperties properties,
            MeterRegistry meters) {
        return new ActionRetention(
                actions,
                clock,
                properties.actionsRetention(),
                new LastSuccess("actions", "the retention of recorded actions", clock, meters));
    }

    @Bean
    RecordedSuppressions recordedSuppressions(
            SuppressionOrders orders, OperatorActions actions, InstantSource clock) {
        return new RecordedSuppressions(orders, actions, clock);
    }

    @Bean
    QueueSamples queueSamples(LogDatabase database, LogProperties log) {
        return new QueueSamples(database, log.retention());
    }

    @Bean
    QueueSampler queueSampler(
            QueueView queues, QueueSamples samples, InstantSource clock, MeterRegistry meters) {
        return new QueueSampler(queues, samples, SAMPLED, clock, meters);
    }

    /** Without a guard no disk is watched. */
    @Bean
    StorageSamples storageSamples(
            LogDatabase database,
            LogProperties log,
            ObjectProvider<StorageGuard> guard,
            InstantSource clock,
            MeterRegistry meters) {
        return new StorageSamples(
                database,
                () -> guard.stream().mapToLong(StorageGuard::free).findFirst(),
                clock,
                SAMPLED,
                log.retention(),
                new LastSuccess("storage-samples", "the sampling of storage", clock, meters));
    }

    @Bean
    Charts charts(LogCharts log, QueueSamples samples, StorageSamples storage) {
        return new Charts(log, samples, storage);
    }

    @Bean
    PageAssets pageAssets() {
        return new PageAssets();
    }

    /** Nobody but this machine sees the page until {@code server.address} says otherwise. */
    @Bean
    WebServerFactoryCustomizer<ConfigurableServletWebServerFactory> loopbackByDefault(
            Environment environment) {
        return server -> {
            if (!environment.containsProperty("server.address")) {
                server.setAddress(InetAddress.getLoopbackAddress());
            }
        };
    }
}
