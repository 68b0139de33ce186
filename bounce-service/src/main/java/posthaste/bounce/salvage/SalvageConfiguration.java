package posthaste.bounce.salvage;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import posthaste.body.BodyCopier;
import posthaste.body.BodyStore;
import posthaste.body.inventory.BodyInventory;
import posthaste.bounce.audit.Audit;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.LogSearch;
import posthaste.queue.MailQueue;

/** What an operator can order for mail that is unaccounted. */
@Configuration(proxyBeanMethods = false)
public class SalvageConfiguration {

    @Bean
    Salvage salvage(
            Audit audit,
            LogAccounts accounts,
            LogSearch log,
            BodyStore store,
            BodyInventory inventory,
            MailQueue queue,
            InstantSource clock,
            MeterRegistry meters) {
        return new Salvage(
                audit,
                accounts,
                log,
                new StoredMessages(inventory),
                new BodyCopier(store),
                new Reconstruction(store),
                queue.publisher(),
                clock,
                meters);
    }
}
