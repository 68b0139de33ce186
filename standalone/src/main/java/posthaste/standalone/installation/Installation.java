package posthaste.standalone.installation;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplication.AbandonedRunException;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.support.EnvironmentPostProcessorApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import posthaste.bounce.deliverylog.LogDatabase;
import posthaste.service.settings.StartRefusedException;
import posthaste.service.startup.StartupFailureAnalyzer;
import posthaste.standalone.run.DataFolder;
import posthaste.standalone.run.EmbeddedParts;
import posthaste.standalone.run.RunNotes;

/** The queue, the bodies and the log of an installation, for as long as a command takes. */
public final class Installation implements AutoCloseable {
    private static final String DATA_DIR = "posthaste.data-dir";
    private static final String BROKER = "posthaste.kafka.bootstrap-servers";
    private static final String DATABASE = "spring.datasource.url";

    private static final Duration DATABASE_WAIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** How an installation was found. */
    public enum Kind {
        /** Broker, bodies and database are elsewhere, and named by properties. */
        CLUSTER,
        /** One process that runs on the data folder: its broker and database are asked. */
        RUNNING,
        /** The data folder of a process that does not run: nobody else changes anything. */
        STOPPED
    }

    private volatile @Nullable Kind kind;
    private volatile @Nullable DataFolder claimed;
    private volatile @Nullable EmbeddedParts parts;
    private volatile @Nullable ConfigurableApplicationContext context;

    private final AtomicBoolean closed = new AtomicBoolean();

    /** A Ctrl-C stops broker and database in good order, too. */
    private final Thread interrupted = Thread.ofPlatform().name("close").unstarted(this::close);

    private Installation() {}

    /**
     * Finds the installation that properties, environment and data folder describe.
     *
     * @param properties as from the command line, above all others
     * @throws InstallationUnavailableException with a sentence for the user
     */
    public static Installation open(Map<String, String> properties)
            throws InstallationUnavailableException {
        Installation installation = new Installation();
        boolean open = false;
        Runtime.getRuntime().addShutdownHook(installation.interrupted);
        try {
            installation.start(properties);
            open = true;
            return installation;
        } finally {
            if (!open) {
                installation.close();
            }
        }
    }

    public Kind kind() {
        return Objects.requireNonNull(kind, "it is open");
    }

    /** The data folder, unless this is a cluster. */
    public Optional<Path> dataFolder() {
        return kind() == Kind.CLUSTER
                ? Optional.empty()
                : Optional.of(Path.of(environment().getRequiredProperty(DATA_DIR)));
    }

    /** What it is set to. */
    public ConfigurableEnvironment environment() {
        return Objects.requireNonNull(context, "it is open").getEnvironment();
    }

    /**
     * A part: what the services' shared configuration makes (as {@code MailQueue}, {@code
     * BodyStore}, {@code QueueProperties}), and {@code LogDatabase}.
     *
     * @throws InstallationUnavailableException when a setting or the machine is at fault
     */
    public <T> T part(Class<T> type) throws InstallationUnavailableException {
        try {
            return Objects.requireNonNull(context, "it is open").getBean(type);
        } catch (BeansException e) {
            FailureAnalysis told = new StartupFailureAnalyzer().analyze(e);
            if (told == null) {
                throw e;
            }
            throw new InstallationUnavailableException(told.getDescription(), e);
        }
    }

    /**
     * The delivery log's database, once it answers: one who runs a command waits longer than a page
     * does. Whoever asks it then is told if it still does not.
     */
    public LogDatabase log() throws InstallationUnavailableException, InterruptedException {
        LogDatabase database = part(LogDatabase.class);
        long begun = System.nanoTime();
        while (true) {
            try (Connection _ = database.connection()) {
                return database;
            } catch (SQLException _) {
                if (System.nanoTime() - begun > DATABASE_WAIT.toNanos()) {
                    return database;
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    /** Leaves everything as it was found: what was started for us stops. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(interrupted);
        } catch (IllegalStateException _) {
            // The process ends already, and this is the hook, or another that does the same.
        }
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (context != null) {
            context.close();
        }
        if (parts != null) {
            parts.close();
        }
        if (claimed != null) {
            claimed.close();
        }
    }

    private void start(Map<String, String> properties) throws InstallationUnavailableException {
        Preparation preparation = new Preparation();
        SpringApplication application = new SpringApplication(InstallationConfiguration.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setLazyInitialization(true);
        application.setRegisterShutdownHook(false);
        application.setLogStartupInfo(false);
        application.setDefaultProperties(
                Map.of(
                        "spring.config.name", "posthaste",
                        "spring.main.keep-alive", "false"));
        application.addListeners(preparation);
        application.addInitializers(prepared -> awaitParts(prepared.getEnvironment()));
        String[] arguments =
                properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new);
        try {
            context = application.run(arguments);
        } catch (AbandonedRunException e) {
            throw new InstallationUnavailableException(preparation.refusal, e);
        } catch (RuntimeException e) {
            throw new InstallationUnavailableException(e);
        }
    }

    /** Before there is a log: one that runs has the log file of the data folder open. */
    private final class Preparation
            implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {
        private String refusal = "";

        @Override
        public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
            try {
                find(event.getEnvironment());
            } catch (StartRefusedException e) {
                refusal = String.valueOf(e.getMessage());
                throw new AbandonedRunException();
            }
        }

        @Override
        public int getOrder() {
            return EnvironmentPostProcessorApplicationListener.DEFAULT_ORDER + 1;
        }
    }

    private void find(ConfigurableEnvironment environment) {
        MutablePropertySources sources = environment.getPropertySources();
        // A command says what it found, and nothing else.
        put(
                environment,
                "command's log",
                Map.of("logging.config", "classpath:logback-command.xml"));
        if (environment.containsProperty(BROKER)) {
            kind = Kind.CLUSTER;
            // A single node's settings are not those of a cluster.
            sources.stream()
                    .filter(source -> source.getName().contains("[posthaste.properties]"))
                    .filter(source -> source.getName().contains("class path"))
                    .toList()
                    .forEach(source -> sources.remove(source.getName()));
            return;
        }
        Path path = DataFolder.existing(Path.of(environment.getRequiredProperty(DATA_DIR)));
        put(environment, "data folder", Map.of(DATA_DIR, path.toString()));
        Optional<DataFolder> free = DataFolder.tryClaim(path);
        RunNotes notes = RunNotes.read(path);
        sources.addAfter(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                new MapPropertySource("last run", notes.settings()));
        if (free.isPresent()) {
            kind = Kind.STOPPED;
            claimed = free.get();
            claimed.announce("A command works on this data folder.");
            parts = EmbeddedParts.start(claimed, !environment.containsProperty(DATABASE));
        } else {
            kind = Kind.RUNNING;
            put(environment, "running parts", notes.partsOf(DataFolder.pidOfUser(path)));
        }
    }

    private void awaitParts(ConfigurableEnvironment environment) {
        if (parts != null) {
            put(environment, "embedded parts", parts.properties());
        }
    }

    private static void put(
            ConfigurableEnvironment environment, String name, Map<String, Object> values) {
        environment.getPropertySources().addFirst(new MapPropertySource(name, values));
    }
}
