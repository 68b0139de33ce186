package posthaste.standalone.run;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.support.EnvironmentPostProcessorApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import posthaste.ingest.listener.ListenerLifecycle;
import posthaste.service.lifecycle.FatalExit;
import posthaste.service.settings.StartRefusedException;
import posthaste.service.startup.OneSentenceReporter;

/**
 * One run of the whole. The data folder is claimed, broker and database start, then the services;
 * stopping goes the other way: the listener first, the folder last.
 */
public final class Standalone {
    private static final Logger LOG = LoggerFactory.getLogger(Standalone.class);
    private static final String DATA_DIR = "posthaste.data-dir";
    private static final String BROKER = "posthaste.kafka.bootstrap-servers";
    private static final int FAILED = 1;

    private final Map<String, String> properties;
    private final Runnable atLast;
    private volatile @Nullable DataFolder folder;
    private volatile @Nullable EmbeddedParts parts;
    private volatile @Nullable FatalExit fatalExit;
    private volatile @Nullable Addresses addresses;
    private volatile int exitStatus = FAILED;

    private Standalone(Map<String, String> properties, Runnable atLast) {
        this.properties = Map.copyOf(properties);
        this.atLast = atLast;
    }

    /**
     * Starts everything; it stops when the process is asked to end, and then ends it: with status 0
     * unless it had failed.
     *
     * @param properties as from the command line, above all others
     * @param atLast what is to be done when all has stopped
     */
    public static Standalone start(Map<String, String> properties, Runnable atLast) {
        Standalone standalone = new Standalone(properties, atLast);
        standalone.start();
        return standalone;
    }

    /** Where it is reached. */
    public Addresses addresses() {
        return Objects.requireNonNull(addresses, "it has started");
    }

    /** Stops everything, and with it the process. */
    public void end(int status) {
        exitStatus = status;
        System.exit(status);
    }

    private void start() {
        SpringApplication application = new SpringApplication(WholeConfiguration.class);
        // The services' own application files are theirs; posthaste.properties is this process's.
        application.setDefaultProperties(Map.of("spring.config.name", "posthaste"));
        application.addListeners(new BeforeLogging());
        application.addInitializers(this::awaitParts);
        application.addListeners(
                (ApplicationListener<ApplicationReadyEvent>)
                        ready -> announce(ready.getApplicationContext()));
        SpringApplication.getShutdownHandlers().add(this::stopAfterServices);
        String[] arguments =
                properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new);
        application.run(arguments);
    }

    private void announce(ConfigurableApplicationContext context) {
        DataFolder claimed = Objects.requireNonNull(folder, "a run has its folder");
        ListenerLifecycle listeners = context.getBean(ListenerLifecycle.class);
        Addresses reached =
                Addresses.of(
                        context.getEnvironment(),
                        listeners.addresses(),
                        listeners.port(),
                        claimed.path());
        RunNotes.write(claimed.path(), context.getEnvironment());
        claimed.announce(reached.readyLine());
        fatalExit = context.getBean(FatalExit.class);
        addresses = reached;
        exitStatus = 0;
    }

    /** The log file stands in the data folder, so the folder is claimed before there is a log. */
    private final class BeforeLogging
            implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {
        @Override
        public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
            try {
                claimFolderAndStartParts(event.getEnvironment());
            } catch (StartRefusedException e) {
                // Without a log yet, Spring Boot would tell it twice.
                new OneSentenceReporter().report(new FailureAnalysis(e.getMessage(), null, e));
                end(FAILED);
            }
        }

        @Override
        public int getOrder() {
            return EnvironmentPostProcessorApplicationListener.DEFAULT_ORDER + 1;
        }
    }

    private void claimFolderAndStartParts(ConfigurableEnvironment environment) {
        if (environment.containsProperty(BROKER)) {
            throw new StartRefusedException(
                    BROKER
                            + " is given, but this process brings its own broker; the four services as"
                            + " processes of their own use another.");
        }
        DataFolder claimed = DataFolder.claim(Path.of(environment.getRequiredProperty(DATA_DIR)));
        folder = claimed;
        putFirst(environment, "data folder", Map.of(DATA_DIR, claimed.path().toString()));
        parts = EmbeddedParts.start(claimed, !hasDatabase(environment));
    }

    private void awaitParts(ConfigurableApplicationContext context) {
        if (parts != null) {
            putFirst(context.getEnvironment(), "embedded parts", parts.properties());
        }
    }

    private static boolean hasDatabase(Environment environment) {
        return environment.containsProperty("spring.datasource.url");
    }

    private static void putFirst(
            ConfigurableEnvironment environment, String name, Map<String, Object> values) {
        environment.getPropertySources().addFirst(new MapPropertySource(name, values));
    }

    /** Runs in the shutdown hook, when the services have drained and closed. */
    private void stopAfterServices() {
        int status = fatalExit != null && fatalExit.isUnderWay() ? FAILED : exitStatus;
        try {
            if (parts != null) {
                parts.close();
            }
            if (folder != null) {
                folder.close();
            }
            atLast.run();
        } catch (RuntimeException e) {
            LOG.error("it did not stop as it should", e);
            status = FAILED;
        } finally {
            // Ended by a signal, the JVM would report the signal; an orderly stop is a success.
            Runtime.getRuntime().halt(status);
        }
    }
}
