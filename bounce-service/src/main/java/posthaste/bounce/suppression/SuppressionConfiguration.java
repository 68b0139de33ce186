package posthaste.bounce.suppression;

import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import posthaste.bounce.deliverylog.LogDatabase;
import posthaste.mail.record.Topics;
import posthaste.queue.MailQueue;
import posthaste.service.suppression.SuppressionTopic;

/** What shows the suppression list, and changes it on an operator's word. */
@Configuration(proxyBeanMethods = false)
public class SuppressionConfiguration {

    @Bean
    SuppressionView suppressionView(MailQueue queue, LogDatabase database, InstantSource clock) {
        return new SuppressionView(queue.facts(Topics.SUPPRESSION), database, clock);
    }

    @Bean
    SuppressionSearch suppressionSearch(LogDatabase database, InstantSource clock) {
        return new SuppressionSearch(database, clock);
    }

    @Bean
    SuppressionOrders suppressionOrders(SuppressionTopic suppressionTopic, InstantSource clock) {
        return new SuppressionOrders(suppressionTopic, clock);
    }

    @Bean
    SuppressionExport suppressionExport(SuppressionSearch suppressionSearch) {
        return new SuppressionExport(suppressionSearch);
    }
}
