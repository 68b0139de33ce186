package posthaste.standalone.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import posthaste.service.settings.BodyProperties;
import posthaste.standalone.backup.DataFolderBackup;
import posthaste.standalone.backup.DataFolderBackup.Copied;
import posthaste.standalone.installation.Installation;

/** A copy of the data folder, while Posthaste runs on it or not. */
@Command(name = "backup", description = "copies the data folder, also while Posthaste runs on it")
final class BackupCommand extends PosthasteCommand {
    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "TARGET", description = "a folder that is empty or not there yet")
    private Path target = Path.of("");

    @Override
    protected ExitStatus carryOut() throws Exception {
        requireEmpty(target);
        try (Installation installation = Installation.open(settings().properties())) {
            Path data =
                    installation
                            .dataFolder()
                            .orElseThrow(() ->
                                    new CommandFailedException(
                                            "a cluster is not copied by this command; see 'Backup'"
                                                    + " in docs/operations.md."));
            Files.createDirectories(target);
            // Everybody's mail is in it.
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
            Copied copied =
                    new DataFolderBackup(
                                    data,
                                    installation.part(BodyProperties.class).foldersIn(data),
                                    installation.log())
                            .into(target);
            output.print(
                    copied,
                    List.of(
                            "%s is copied to %s: %d bytes of bodies and topics, %d rows of the delivery log."
                                    .formatted(data, target, copied.bytes(), copied.logRows())));
            return ExitStatus.FINE;
        } catch (SQLException e) {
            throw new CommandFailedException(
                    "the delivery log could not be copied: "
                            + e.getMessage()
                            + ". "
                            + target
                            + " is no backup; empty it and try again.",
                    e);
        }
    }

    static void requireEmpty(Path folder) throws Exception {
        if (Files.exists(folder)) {
            try (Stream<Path> entries = Files.list(folder)) {
                if (entries.findAny().isPresent()) {
                    throw new CommandFailedException(
                            "the folder " + folder + " is not empty; name a new one.");
                }
            }
        }
    }
}
