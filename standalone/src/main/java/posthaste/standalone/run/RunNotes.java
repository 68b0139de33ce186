package posthaste.standalone.run;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import posthaste.service.settings.StartRefusedException;

/**
 * What a run leaves in its data folder for commands: how it was set, so that they look at the same
 * streams, tiers and folders, and where its parts listen. The owner alone may read it: the
 * database's password is in it, and the bucket's.
 */
public final class RunNotes {
    private static final String FILE = "posthaste.run";
    private static final String PID = "pid";
    private static final String BROKER = "posthaste.kafka.bootstrap-servers";
    private static final String WEB_PORT = "server.port";
    private static final String DATABASE = "spring.datasource";

    /** What a command has to see as the run does. */
    private static final List<String> SETTINGS =
            List.of(
                    "posthaste.queue",
                    "posthaste.retry",
                    "posthaste.body",
                    "posthaste.s3",
                    "posthaste.log",
                    "posthaste.audit");

    private final Path folder;
    private final Map<String, String> notes;

    private RunNotes(Path folder, Map<String, String> notes) {
        this.folder = folder;
        this.notes = notes;
    }

    /** Notes a run that is ready. */
    static void write(Path folder, ConfigurableEnvironment environment) {
        Properties notes = new Properties();
        Binder binder = Binder.get(environment);
        for (String prefix : SETTINGS) {
            noteAll(binder, prefix, notes);
        }
        noteAll(binder, DATABASE, notes);
        notes.setProperty(BROKER, environment.getRequiredProperty(BROKER));
        notes.setProperty(WEB_PORT, environment.getProperty("local.server.port", ""));
        notes.setProperty(PID, Long.toString(ProcessHandle.current().pid()));
        Path whole = folder.resolve(FILE + ".new");
        try {
            Files.deleteIfExists(whole);
            Files.createFile(
                    whole,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            try (Writer writer = Files.newBufferedWriter(whole)) {
                notes.store(writer, "How the last run was set, for commands on this folder");
            }
            Files.move(whole, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StartRefusedException(
                    "the data folder " + folder + " cannot be written: " + e + ".", e);
        }
    }

    /** Reads what the last run noted; nothing when there was none. */
    public static RunNotes read(Path folder) {
        Properties notes = new Properties();
        Path file = folder.resolve(FILE);
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                notes.load(reader);
            } catch (IOException e) {
                throw new StartRefusedException(
                        "the notes of the last run in " + file + " cannot be read: " + e + ".", e);
            }
        }
        Map<String, String> read = new TreeMap<>();
        notes.stringPropertyNames().forEach(name -> read.put(name, notes.getProperty(name)));
        return new RunNotes(folder, read);
    }

    /** How it was set, running or not. */
    public Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(notes);
        settings.keySet().removeIf(name -> SETTINGS.stream().noneMatch(name::startsWith));
        return settings;
    }

    /**
     * Where the parts of the process with this number listen.
     *
     * @throws StartRefusedException when it is not ready yet
     */
    public Map<String, Object> partsOf(String pid) {
        if (!pid.equals(notes.get(PID))) {
            throw new StartRefusedException(
                    "somebody is at work on the data folder "
                            + folder
                            + " (pid "
                            + pid
                            + "): a Posthaste that is still starting, or another command; try again"
                            + " when './posthaste status' says that it is ready.");
        }
        Map<String, Object> parts = new HashMap<>(notes);
        parts.keySet()
                .removeIf(name ->
                        !name.equals(BROKER)
                                && !name.equals(WEB_PORT)
                                && !name.startsWith(DATABASE));
        return parts;
    }

    private static void noteAll(Binder binder, String prefix, Properties notes) {
        binder.bind(prefix, Bindable.mapOf(String.class, String.class))
                .ifBound(values ->
                        values.forEach(
                                (name, value) -> notes.setProperty(prefix + "." + name, value)));
    }
}
