package posthaste.standalone.installation;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.LifecycleProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;
import posthaste.bounce.audit.AuditProperties;
import posthaste.bounce.deliverylog.LogDatabase;
import posthaste.bounce.deliverylog.LogDatabaseProperties;
import posthaste.service.ServiceAutoConfiguration;

/** What all services share, and the log's database. Made as it is asked for; nothing is started. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableConfigurationProperties({LogDatabaseProperties.class, AuditProperties.class})
@Import(ServiceAutoConfiguration.class)
class InstallationConfiguration {
    /** One for the question at hand, one for what is asked while its answer is read. */
    private static final int CONNECTIONS = 4;

    @Bean(destroyMethod = "close")
    LogDatabase logDatabase(LogDatabaseProperties database) {
        return LogDatabase.pooled(
                database.url(), database.username(), database.password(), CONNECTIONS);
    }

    /** What a service starts (topics are made, loops read) is not for one who looks. */
    @Bean(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME)
    LifecycleProcessor lifecycleProcessor() {
        return new DefaultLifecycleProcessor() {
            @Override
            public void onRefresh() {}
        };
    }
}
