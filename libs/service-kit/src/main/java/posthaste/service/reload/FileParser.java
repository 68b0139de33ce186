package posthaste.service.reload;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads a file, or a folder of files, into an immutable value.
 *
 * @param <T> what it says
 */
@FunctionalInterface
public interface FileParser<T> {
    /**
     * Reads all of it, or nothing.
     *
     * @throws WrongFileException with the line, when it cannot be understood
     * @throws IOException when it cannot be read
     */
    T parse(Path path) throws IOException, WrongFileException;
}
