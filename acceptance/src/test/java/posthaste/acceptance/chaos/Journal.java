package posthaste.acceptance.chaos;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;

/**
 * A file that is only appended to, a line an entry, its fields between tabs: what a run noted can
 * be judged also when the run itself was broken off.
 */
final class Journal implements AutoCloseable {
    private final BufferedWriter writer;

    private Journal(BufferedWriter writer) {
        this.writer = writer;
    }

    static Journal at(Path file) {
        try {
            Files.createDirectories(file.getParent());
            return new Journal(
                    Files.newBufferedWriter(
                            file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void note(Object... fields) {
        try {
            for (int i = 0; i < fields.length; i++) {
                if (i > 0) {
                    writer.write('\t');
                }
                writer.write(fields[i].toString().replaceAll("[\t\r\n]+", " "));
            }
            writer.write('\n');
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads it back; a last line that was cut off is left out. */
    static void read(Path file, Consumer<List<String>> entry) {
        try {
            String text = Files.readString(file);
            text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(line -> List.of(line.split("\t", -1)))
                    .forEach(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
