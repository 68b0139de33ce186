package posthaste.bounce.webhooks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.unit.DataSize;
import posthaste.service.reload.TextFile;
import posthaste.service.reload.WrongFileException;

/** A file with a secret a line; empty lines and those that begin with {@code #} say nothing. */
final class SecretFile {
    private static final DataSize LIMIT = DataSize.ofKilobytes(64);

    /** More than any change of secrets needs. */
    private static final int MOST = 10;

    private SecretFile() {}

    static List<Secret> parse(Path file) throws IOException, WrongFileException {
        List<Secret> secrets = new ArrayList<>();
        int number = 0;
        for (String line : TextFile.read(file, LIMIT).lines().map(String::strip).toList()) {
            number++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                secrets.add(Secret.parse(line));
            } catch (IllegalArgumentException _) {
                throw WrongFileException.at(file, number, "a secret is " + Secret.FORM);
            }
        }
        if (secrets.isEmpty() || secrets.size() > MOST) {
            throw WrongFileException.whole(file, "must have 1 to " + MOST + " secrets");
        }
        return List.copyOf(secrets);
    }
}
