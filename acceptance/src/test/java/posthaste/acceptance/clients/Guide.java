package posthaste.acceptance.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import posthaste.testing.Requires;

/** The configurations in docs/submission.md. */
final class Guide {
    private static final String HOST = "mail.example.org";
    private static final String SYSTEM_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

    private Guide() {}

    /** The block below the comment that names it, as it stands. */
    static String block(String name) {
        try {
            Path guide = Requires.repositoryRoot().resolve("docs/submission.md");
            Matcher block =
                    Pattern.compile(
                                    "<!-- " + Pattern.quote(name) + " -->\n```[a-z]*\n(.*?)```\n",
                                    Pattern.DOTALL)
                            .matcher(Files.readString(guide));
            if (!block.find()) {
                throw new AssertionError("docs/submission.md has no block " + name);
            }
            return block.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The block with our host, port and certificate in place of the example's. */
    static String block(String name, Door door) {
        return block(name)
                .replace(HOST, Door.HOST)
                .replaceAll("\\b(?:587|465)\\b", door.portText())
                .replace(SYSTEM_CERTIFICATES, door.certificate().toString());
    }

    /** The block written to a file. */
    static Path file(Path folder, String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
