package posthaste.bounce.dsn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;
import org.thymeleaf.exceptions.TemplateProcessingException;
import posthaste.service.reload.TextFile;
import posthaste.service.reload.WrongFileException;

/** Reads texts, and tries each on every kind of news before it is taken. */
public final class DsnTextFiles {
    private static final DataSize LIMIT = DataSize.ofKilobytes(64);
    private static final String ENDING = ".txt";
    private static final List<String> SHIPPED = List.of("de", "en", "es", "fr", "ja");
    private static final String SOMEBODY = "somebody@recipient.example";

    private DsnTextFiles() {}

    /** Those that come with Posthaste. */
    public static List<DsnText> shipped() {
        return SHIPPED.stream().map(DsnTextFiles::shipped).toList();
    }

    /**
     * The texts of a folder, {@code LANGUAGE.txt}, over the shipped ones.
     *
     * @param language that there must be a text of
     * @throws WrongFileException naming file and line
     */
    public static DsnTexts read(Path folder, String language)
            throws IOException, WrongFileException {
        List<DsnText> texts = new ArrayList<>(shipped());
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(file -> name(file).endsWith(ENDING)).sorted().toList();
        }
        for (Path file : files) {
            String tag = name(file).substring(0, name(file).length() - ENDING.length());
            if (!DsnTexts.isTag(tag)) {
                throw WrongFileException.whole(
                        file, "its name must be a language tag, as de.txt or pt-BR.txt");
            }
            DsnText text = new DsnText(tag, TextFile.read(file, LIMIT));
            check(text, file);
            texts.add(text);
        }
        try {
            return DsnTexts.of(texts, language);
        } catch (IllegalArgumentException _) {
            throw WrongFileException.whole(folder, "has no text for posthaste.dsn.language");
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    /** That it can be filled in, has a subject, and says of whom it tells. */
    private static void check(DsnText text, Path file) throws WrongFileException {
        for (String action : List.of("failed", "expired", "delayed", "relayed")) {
            for (String returned : List.of("whole", "header", "header-beginning", "nothing")) {
                DsnText.Filled filled;
                try {
                    filled = text.fill(sample(action, returned));
                } catch (TemplateProcessingException e) {
                    throw wrong(file, e);
                }
                if (filled.subject().isEmpty()) {
                    throw WrongFileException.at(
                            file,
                            1,
                            "the first line must be 'Subject: ', and what it is of " + action);
                }
                if (!filled.body().toString().contains(SOMEBODY)) {
                    throw WrongFileException.whole(
                            file, "the text names no recipient that is " + action);
                }
            }
        }
    }

    private static DsnStory sample(String action, String returned) {
        DsnStory.Told somebody =
                new DsnStory.Told(
                        SOMEBODY,
                        "The remote host refused the recipient.",
                        "mx.recipient.example",
                        "550 5.1.1 no such user",
                        "5.1.1",
                        action.equals("delayed") ? "Fri, 27 Nov 2026 07:00:00 +0000" : "");
        DsnStory.Told other =
                new DsnStory.Told("other@recipient.example", "No answer.", "", "", "4.4.1", "");
        return new DsnStory(
                "mx.posthaste.example",
                action,
                List.of(new DsnStory.Group(action, List.of(somebody, other))),
                "Sun, 22 Nov 2026 07:00:00 +0000",
                "01m8149t3ret9c7b9n82xr0f02",
                returned,
                returned.equals("nothing") ? "It cannot be attached." : "");
    }

    private static WrongFileException wrong(Path file, TemplateProcessingException e) {
        String reason = String.valueOf(reason(e));
        Integer line = line(e);
        return line == null || line < 1
                ? WrongFileException.whole(file, reason)
                : WrongFileException.at(file, line, reason);
    }

    /** The innermost one says what is wrong; the others, and its place in the text, where. */
    private static String reason(Throwable e) {
        Throwable innermost = e;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String message = String.valueOf(innermost.getMessage());
        int where = message.indexOf(" (template:");
        return Inert.line(where < 0 ? message : message.substring(0, where), 300);
    }

    private static @org.jspecify.annotations.Nullable Integer line(Throwable e) {
        for (Throwable each = e; each != null; each = each.getCause()) {
            if (each instanceof TemplateProcessingException told && told.getLine() != null) {
                return told.getLine();
            }
        }
        return null;
    }

    private static DsnText shipped(String tag) {
        String name = "texts/" + tag + ENDING;
        try (InputStream in =
                Objects.requireNonNull(DsnTextFiles.class.getResourceAsStream(name), name)) {
            return new DsnText(tag, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
