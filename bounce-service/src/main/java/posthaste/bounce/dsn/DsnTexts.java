package posthaste.bounce.dsn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The texts of notifications, by language. Immutable. */
public final class DsnTexts {
    /** The one that there always is. */
    public static final String ENGLISH = "en";

    /** Enough of RFC 5646 for the name of a language with a script or a region. */
    private static final Pattern TAG = Pattern.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}");

    private final Map<String, DsnText> texts;
    private final DsnText usual;
    private final boolean messageChooses;

    private DsnTexts(Map<String, DsnText> texts, DsnText usual, boolean messageChooses) {
        this.texts = texts;
        this.usual = usual;
        this.messageChooses = messageChooses;
    }

    /**
     * Composes them.
     *
     * @param language of the text that is taken where the message does not choose
     * @throws IllegalArgumentException when there is none of that language
     */
    public static DsnTexts of(Collection<DsnText> texts, String language) {
        Map<String, DsnText> byTag = new TreeMap<>();
        texts.forEach(text -> byTag.put(key(text.language()), text));
        DsnText usual = byTag.get(key(language));
        if (usual == null) {
            throw new IllegalArgumentException(language);
        }
        return new DsnTexts(byTag, usual, true);
    }

    /** The same for all messages. */
    public DsnTexts always() {
        return new DsnTexts(texts, usual, false);
    }

    /** The shipped ones, English unless the message chooses. */
    public static DsnTexts shipped() {
        return of(DsnTextFiles.shipped(), ENGLISH);
    }

    public static boolean isTag(String text) {
        return TAG.matcher(text).matches();
    }

    /** The languages that there are. */
    public List<String> languages() {
        return List.copyOf(texts.keySet());
    }

    /**
     * The text for a reader.
     *
     * @param wanted language ranges, the most wanted first (RFC 4647 section 3.4: look-up)
     */
    DsnText choose(List<String> wanted) {
        for (String range : messageChooses ? wanted : List.<String>of()) {
            Optional<DsnText> found = lookUp(key(range));
            if (found.isPresent()) {
                return found.get();
            }
        }
        return usual;
    }

    private Optional<DsnText> lookUp(String range) {
        List<String> ever = new ArrayList<>();
        for (String tag = range; !tag.isEmpty(); tag = shorter(tag)) {
            ever.add(tag);
        }
        return ever.stream().filter(texts::containsKey).findFirst().map(texts::get);
    }

    private static String shorter(String tag) {
        int hyphen = tag.lastIndexOf('-');
        return hyphen < 0 ? "" : tag.substring(0, hyphen);
    }

    private static String key(String tag) {
        return tag.toLowerCase(Locale.ROOT);
    }
}
