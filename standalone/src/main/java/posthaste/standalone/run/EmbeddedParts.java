package posthaste.standalone.run;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import posthaste.broker.BrokerSettings;
import posthaste.broker.BrokerStartException;
import posthaste.broker.EmbeddedBroker;
import posthaste.service.settings.StartRefusedException;
import posthaste.standalone.postgres.EmbeddedPostgres;
import posthaste.standalone.postgres.PostgresFailedException;

/** What a cluster has on other machines: the broker, and the database unless one is given. */
public final class EmbeddedParts implements AutoCloseable {
    private static final Executor THREADS = Thread::startVirtualThread;

    private final CompletableFuture<EmbeddedBroker> broker;
    private final CompletableFuture<Optional<EmbeddedPostgres>> postgres;

    private EmbeddedParts(
            CompletableFuture<EmbeddedBroker> broker,
            CompletableFuture<Optional<EmbeddedPostgres>> postgres) {
        this.broker = broker;
        this.postgres = postgres;
    }

    /** Begins to start both at once, and returns. */
    public static EmbeddedParts start(DataFolder folder, boolean withPostgres) {
        return new EmbeddedParts(
                CompletableFuture.supplyAsync(() -> startBroker(folder), THREADS),
                withPostgres
                        ? CompletableFuture.supplyAsync(
                                () -> Optional.of(startPostgres(folder)), THREADS)
                        : CompletableFuture.completedFuture(Optional.empty()));
    }

    /**
     * How the services reach them; waits until both serve.
     *
     * @throws StartRefusedException when one does not
     */
    public Map<String, Object> properties() {
        try {
            Map<String, Object> properties = new HashMap<>();
            properties.put("posthaste.kafka.bootstrap-servers", broker.join().bootstrapServers());
            postgres.join()
                    .ifPresent(database -> {
                        properties.put("spring.datasource.url", database.url());
                        properties.put("spring.datasource.username", database.user());
                        properties.put("spring.datasource.password", database.password());
                    });
            return properties;
        } catch (CompletionException e) {
            throw e.getCause() instanceof StartRefusedException refused ? refused : e;
        }
    }

    /** Stops both at once, as far as they have started. Nothing may use them any more. */
    @Override
    public void close() {
        CompletableFuture.allOf(
                        broker.thenAcceptAsync(EmbeddedBroker::close, THREADS)
                                .exceptionally(_ -> null),
                        postgres.thenAcceptAsync(
                                        database -> database.ifPresent(EmbeddedPostgres::close),
                                        THREADS)
                                .exceptionally(_ -> null))
                .join();
    }

    private static EmbeddedBroker startBroker(DataFolder folder) {
        try {
            return EmbeddedBroker.start(folder.resolve("kafka"), BrokerSettings.durable());
        } catch (BrokerStartException e) {
            throw new StartRefusedException(e.getMessage() + ".", e);
        }
    }

    private static EmbeddedPostgres startPostgres(DataFolder folder) {
        try {
            return EmbeddedPostgres.start(
                    folder.resolve("postgres"), folder.resolve("log").resolve("postgres.log"));
        } catch (PostgresFailedException e) {
            throw new StartRefusedException(e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefusedException("the start of PostgreSQL was interrupted", e);
        }
    }
}
