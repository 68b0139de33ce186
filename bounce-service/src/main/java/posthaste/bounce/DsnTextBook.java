package posthaste.bounce;

import java.util.function.Supplier;
import posthaste.bounce.dsn.DsnTextFiles;
import posthaste.bounce.dsn.DsnTexts;
import posthaste.service.reload.FileWatch;
import posthaste.service.settings.StartRefusedException;

/** The texts of notifications that are in force. */
final class DsnTextBook {
    private final Supplier<DsnTexts> texts;

    private DsnTextBook(Supplier<DsnTexts> texts) {
        this.texts = texts;
    }

    static DsnTextBook open(DsnProperties properties, FileWatch files) {
        if (properties.folder().isPresent()) {
            return new DsnTextBook(
                    files.watch(
                                    "dsn-texts",
                                    properties.folder().get(),
                                    folder ->
                                            heeding(
                                                    DsnTextFiles.read(
                                                            folder, properties.language()),
                                                    properties))
                            ::current);
        }
        try {
            DsnTexts shipped =
                    heeding(DsnTexts.of(DsnTextFiles.shipped(), properties.language()), properties);
            return new DsnTextBook(() -> shipped);
        } catch (IllegalArgumentException e) {
            throw new StartRefusedException(
                    "posthaste.dsn.language is '"
                            + properties.language()
                            + "', but must be one of "
                            + String.join(", ", DsnTexts.shipped().languages())
                            + ", or have a text in posthaste.dsn.templates.",
                    e);
        }
    }

    DsnTexts current() {
        return texts.get();
    }

    private static DsnTexts heeding(DsnTexts texts, DsnProperties properties) {
        return properties.languageOfMessage() ? texts : texts.always();
    }
}
