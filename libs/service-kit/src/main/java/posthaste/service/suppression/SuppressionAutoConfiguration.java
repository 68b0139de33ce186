package posthaste.service.suppression;

import java.time.InstantSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import posthaste.queue.MailQueue;
import posthaste.service.ServiceAutoConfiguration;
import posthaste.service.lifecycle.FactsLifecycle;

/** The list: one a process, however many services run in it. */
@AutoConfiguration(after = ServiceAutoConfiguration.class)
@ConditionalOnBean(MailQueue.class)
@EnableConfigurationProperties(SuppressionProperties.class)
public class SuppressionAutoConfiguration {

    @Bean
    SuppressionList suppressionList(InstantSource clock) {
        return new SuppressionList(clock);
    }

    @Bean
    SuppressionTopic suppressionTopic(MailQueue queue, SuppressionList suppressionList) {
        return new SuppressionTopic(queue, suppressionList);
    }

    @Bean
    FactsLifecycle suppressionReading(SuppressionTopic suppressionTopic) {
        return suppressionTopic.reading();
    }

    @Bean
    SuppressionScreen suppressionScreen(
            SuppressionList suppressionList, SuppressionProperties properties) {
        return new SuppressionScreen(suppressionList, properties);
    }

    @Bean
    SuppressionMetrics suppressionMetrics(SuppressionList suppressionList) {
        return new SuppressionMetrics(suppressionList);
    }
}
