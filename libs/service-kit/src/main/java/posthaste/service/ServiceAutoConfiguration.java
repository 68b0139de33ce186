package posthaste.service;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.core.NestedExceptionUtils;
import posthaste.body.BodyStore;
import posthaste.body.MemoryBudget;
import posthaste.body.inventory.BodyInventory;
import posthaste.body.s3.S3BodyStore;
import posthaste.mail.record.Topics;
import posthaste.queue.MailQueue;
import posthaste.queue.Publisher;
import posthaste.queue.QueueSettingsException;
import posthaste.queue.control.SharedFacts;
import posthaste.queue.kafka.KafkaMailQueue;
import posthaste.queue.kafka.KafkaQueueSettings;
import posthaste.service.lifecycle.ConsumerLifecycle;
import posthaste.service.lifecycle.FactsLifecycle;
import posthaste.service.lifecycle.FatalExit;
import posthaste.service.lifecycle.QueuePreparation;
import posthaste.service.monitoring.BrokerHealth;
import posthaste.service.monitoring.ConsumerMetrics;
import posthaste.service.monitoring.FactMetrics;
import posthaste.service.monitoring.S3RequestMetrics;
import posthaste.service.monitoring.StorageMetrics;
import posthaste.service.monitoring.StoreHealth;
import posthaste.service.reload.FileWatch;
import posthaste.service.settings.BodyProperties;
import posthaste.service.settings.KafkaProperties;
import posthaste.service.settings.QueueProperties;
import posthaste.service.settings.ReloadProperties;
import posthaste.service.settings.RetryProperties;
import posthaste.service.settings.S3Properties;
import posthaste.service.settings.ServiceProperties;
import posthaste.service.settings.StartRefusedException;
import posthaste.service.settings.StorageProperties;
import posthaste.service.storage.BodyStores;
import posthaste.service.storage.StorageGuard;
import posthaste.service.storage.StoredDeadLetterBodies;

/** One of each for a process, however many services run in it. */
@AutoConfiguration
@EnableConfigurationProperties({
    ServiceProperties.class,
    KafkaProperties.class,
    QueueProperties.class,
    RetryProperties.class,
    BodyProperties.class,
    S3Properties.class,
    StorageProperties.class,
    ReloadProperties.class
})
public class ServiceAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    InstantSource clock() {
        return InstantSource.system();
    }

    @Bean
    Instance instance(ServiceProperties properties) {
        return new Instance(properties.instance());
    }

    @Bean(initMethod = "start")
    FileWatch fileWatch(ReloadProperties properties, MeterRegistry registry) {
        return new FileWatch(properties.interval(), registry);
    }

    @Bean
    FatalExit fatalExit() {
        return new FatalExit();
    }

    @Bean
    @ConditionalOnMissingBean
    MemoryBudget memoryBudget(BodyProperties properties) {
        return MemoryBudget.shareOfHeap(properties.memoryShare());
    }

    @Bean
    BodyStores bodyStores(
            ServiceProperties service, BodyProperties properties, S3Properties bucket) {
        return new BodyStores(properties, bucket, service.dataDir());
    }

    @Bean
    @ConditionalOnProperty(name = "posthaste.body.store", havingValue = "s3")
    S3RequestMetrics s3RequestMetrics() {
        return new S3RequestMetrics();
    }

    /** Primary, since who asks for a store by its type may find the inventory as well. */
    @Bean
    @Primary
    @ConditionalOnMissingBean
    BodyStore bodyStore(
            BodyStores stores,
            MemoryBudget memory,
            InstantSource clock,
            ObjectProvider<S3RequestMetrics> requests) {
        S3RequestMetrics counted = requests.getIfAvailable();
        return stores.open(memory, clock, counted == null ? (_, _, _) -> {} : counted);
    }

    /** The store itself under another name, so it is not this bean's to close. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    BodyInventory bodyInventory(BodyStore store) {
        if (store instanceof BodyInventory inventory) {
            return inventory;
        }
        throw new IllegalStateException(store.getClass() + " cannot be listed");
    }

    @Bean
    @ConditionalOnMissingBean
    StorageGuard storageGuard(
            BodyStores stores,
            BodyProperties bodies,
            StorageProperties storage,
            InstantSource clock) {
        List<Path> folders = new ArrayList<>(stores.folders());
        folders.addAll(storage.watch());
        return new StorageGuard(
                folders,
                bodies.freeSpaceFloor().toBytes(),
                storage.checkInterval(),
                clock,
                StorageGuard::usableSpace);
    }

    @Bean
    @ConditionalOnMissingBean
    MailQueue mailQueue(
            ServiceProperties service,
            KafkaProperties kafka,
            QueueProperties queue,
            InstantSource clock,
            FatalExit fatalExit,
            BodyStore bodies,
            BodyProperties bodyProperties) {
        KafkaQueueSettings settings =
                KafkaQueueSettings.of(
                                String.join(",", kafka.bootstrapServers()),
                                service.instance(),
                                new KafkaQueueSettings.Durability(
                                        queue.replication(),
                                        queue.minInsyncReplicas(),
                                        queue.flushEveryRecord()))
                        .withProperties(kafka.properties());
        try {
            return new KafkaMailQueue(
                    settings,
                    clock,
                    cause -> fatalExit.because("a loop of the queue died", cause),
                    new StoredDeadLetterBodies(bodies, bodyProperties.primaryBound()));
        } catch (QueueSettingsException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new StartRefusedException(
                    "posthaste.kafka.bootstrap-servers or posthaste.kafka.properties are refused by"
                            + " the Kafka client: "
                            + NestedExceptionUtils.getMostSpecificCause(e).getMessage()
                            + ".",
                    e);
        }
    }

    @Bean
    Publisher publisher(MailQueue queue) {
        return queue.publisher();
    }

    /** The queue closes it; {@link FactsLifecycle} begins. */
    @Bean(destroyMethod = "")
    SharedFacts controlFacts(MailQueue queue) {
        return queue.facts(Topics.CONTROL);
    }

    /** Nothing that holds for good hangs on these, so a start does not wait for them for long. */
    @Bean
    FactsLifecycle controlReading(SharedFacts controlFacts) {
        return new FactsLifecycle(controlFacts, Topics.CONTROL, Duration.ofSeconds(10));
    }

    @Bean
    FactMetrics factMetrics(SharedFacts controlFacts) {
        return new FactMetrics(Topics.CONTROL, controlFacts.statistics());
    }

    @Bean
    QueuePreparation queuePreparation(
            MailQueue queue,
            QueueProperties properties,
            RetryProperties retry,
            KafkaProperties kafka) {
        return new QueuePreparation(
                queue,
                properties.topics(retry.delayTiers()),
                kafka.bootstrapServers(),
                properties.brokerWait());
    }

    @Bean
    ConsumerMetrics consumerMetrics(ObjectProvider<ConsumerLifecycle> consumers) {
        return new ConsumerMetrics(consumers.orderedStream().toList());
    }

    @Bean
    StorageMetrics storageMetrics(BodyStore store, MemoryBudget memory, StorageGuard guard) {
        return new StorageMetrics(store, memory, guard);
    }

    @Bean
    BrokerHealth brokerHealthIndicator(MailQueue queue) {
        return new BrokerHealth(queue);
    }

    @Bean
    StoreHealth bodyStoreHealthIndicator(StorageGuard guard, BodyStore store) {
        return store instanceof S3BodyStore bucket
                ? new StoreHealth(guard, bucket::trouble)
                : new StoreHealth(guard);
    }
}
