package posthaste.service.reload;

import java.nio.file.Path;

/** A file that cannot be taken as it is: which, where, and why, without a secret that it holds. */
public final class WrongFileException extends Exception {
    private static final int WHOLE = 0;

    private final transient Path file;
    private final int line;
    private final String reason;

    private WrongFileException(Path file, int line, String reason) {
        super(file + (line == WHOLE ? "" : ", line " + line) + ": " + reason);
        this.file = file;
        this.line = line;
        this.reason = reason;
    }

    /**
     * At one line.
     *
     * @param line counted from 1
     * @param reason a sentence's end, without a full stop
     */
    public static WrongFileException at(Path file, int line, String reason) {
        if (line < 1) {
            throw new IllegalArgumentException("lines are counted from 1: " + line);
        }
        return new WrongFileException(file, line, reason);
    }

    /** For what is no one line's fault. */
    public static WrongFileException whole(Path file, String reason) {
        return new WrongFileException(file, WHOLE, reason);
    }

    public Path file() {
        return file;
    }

    /** Counted from 1; 0 for the file as a whole. */
    public int line() {
        return line;
    }

    public String reason() {
        return reason;
    }
}
