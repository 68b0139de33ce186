package posthaste.standalone.command;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import posthaste.standalone.backup.DataFolderRestore;
import posthaste.standalone.installation.Installation;

/** A data folder made of a backup. */
@Command(
        name = "restore",
        description = "makes a data folder of a backup: the one named by --data-dir")
final class RestoreCommand extends PosthasteCommand {
    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "SOURCE", description = "what 'backup' made")
    private Path source = Path.of("");

    /** What was restored. */
    private record Restored(String dataFolder, long bytes, long logRows) {}

    @Override
    protected ExitStatus carryOut() throws Exception {
        Map<String, String> properties = settings().properties();
        String dataDir = properties.get(Settings.DATA_DIR);
        if (dataDir == null) {
            throw askedWrongly("restore wants --data-dir, the folder that is to be made.");
        }
        Path data = Path.of(dataDir).toAbsolutePath().normalize();
        BackupCommand.requireEmpty(data);
        DataFolderRestore restore = new DataFolderRestore(source);
        if (!restore.isComplete()) {
            throw new CommandFailedException(
                    source + " is no whole backup; name a folder that 'backup' has finished.");
        }
        if (restore.bodyFolders() > 1) {
            throw new CommandFailedException(
                    "this backup has bodies of several folders; restore them by hand as 'Backup' in"
                            + " docs/operations.md says.");
        }
        long bytes = restore.files(data);
        // The broker recovers its logs in this first start; the database is new.
        try (Installation installation = Installation.open(properties)) {
            Restored restored =
                    new Restored(data.toString(), bytes, restore.log(installation.log()));
            output.print(
                    restored,
                    List.of(
                            "%s is restored: %d bytes of bodies and topics, %d rows of the delivery log."
                                    .formatted(data, bytes, restored.logRows()),
                            "Start it with './posthaste run --data-dir "
                                    + data
                                    + "', and never beside the one that it is a copy of: both would send the same mail."));
            return ExitStatus.FINE;
        } catch (SQLException e) {
            throw new CommandFailedException(
                    "the delivery log could not be restored: "
                            + e.getMessage()
                            + ". Remove "
                            + data
                            + " and try again.",
                    e);
        }
    }
}
