package posthaste.bounce.dsn;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.thymeleaf.context.Context;
import org.thymeleaf.exceptions.TemplateProcessingException;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.StringTemplateResolver;

/**
 * The text of notifications in one language: a template of Thymeleaf's text mode, whose first line
 * is the subject. What it is filled with is inert: one line, nothing that hides or commands.
 */
public final class DsnText {
    /** Before the subject, on the first line. */
    private static final String SUBJECT = "Subject:";

    private static final SpringTemplateEngine ENGINE = engine();

    private final String language;
    private final String template;

    /**
     * @param language its tag
     * @param template checked by {@link DsnTextFiles}
     */
    DsnText(String language, String template) {
        this.language = language;
        this.template = template;
    }

    public String language() {
        return language;
    }

    /** A text that was filled in. */
    record Filled(String subject, Lines body) {}

    /**
     * Fills it in. A line of spaces alone is left out, so that what a condition leaves empty
     * vanishes; of several empty lines one stays.
     *
     * @throws TemplateProcessingException when the template is wrong; it knows the line
     */
    Filled fill(DsnStory story) {
        Context context = new Context(Locale.forLanguageTag(language));
        context.setVariable("story", story);
        List<String> lines = new ArrayList<>(ENGINE.process(template, context).lines().toList());
        while (!lines.isEmpty() && lines.getFirst().isBlank()) {
            lines.removeFirst();
        }
        String first = lines.isEmpty() ? "" : lines.removeFirst().strip();
        String subject = first.startsWith(SUBJECT) ? first.substring(SUBJECT.length()).strip() : "";
        return new Filled(subject, body(lines));
    }

    /** Dates as people write them; in English as mail does. */
    DateTimeFormatter dates() {
        Locale locale = Locale.forLanguageTag(language);
        return locale.getLanguage().equals(Locale.ENGLISH.getLanguage())
                ? DeliveryStatus.DATE
                : DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
                        .withLocale(locale)
                        .withZone(ZoneOffset.UTC);
    }

    private static Lines body(List<String> lines) {
        Lines body = new Lines();
        boolean blank = true;
        boolean any = false;
        for (String line : lines) {
            if (line.isEmpty()) {
                blank = true;
            } else if (!line.isBlank()) {
                if (blank && any) {
                    body.blank();
                }
                int indent = line.length() - line.stripLeading().length();
                body.text(" ".repeat(indent), line.strip());
                blank = false;
                any = true;
            }
        }
        return body;
    }

    private static SpringTemplateEngine engine() {
        StringTemplateResolver resolver = new StringTemplateResolver();
        resolver.setTemplateMode(TemplateMode.TEXT);
        resolver.setCacheable(true);
        SpringTemplateEngine engine = new SpringTemplateEngine();
        engine.setTemplateResolver(resolver);
        return engine;
    }
}
