package posthaste.bounce;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.bounce.dsn.DsnTexts;
import posthaste.service.settings.Setting;

/**
 * What notifications say to people, and how many of them.
 *
 * @param language of the text where the message does not say one: a language tag that has a
 *     template, as {@code en}
 * @param languageOfMessage whether the message's Accept-Language, else its Content-Language,
 *     chooses
 * @param templates a folder with texts of your own, {@code LANGUAGE.txt} (docs/bounces.md); they
 *     take the place of those that come with Posthaste, and are read again when they change
 * @param mostToAddress notifications to one address within {@code within}, by each process, about
 *     mail of clients that did not log in; 0: no limit. What is beyond is recorded, and withheld
 * @param mostToDomain the same for all addresses of a domain
 * @param within the time in which they are counted
 */
@ConfigurationProperties(prefix = "posthaste.dsn", ignoreUnknownFields = false)
public record DsnProperties(
        @DefaultValue("en") String language,
        @DefaultValue("true") boolean languageOfMessage,
        @Nullable Path templates,
        @DefaultValue("1000") int mostToAddress,
        @DefaultValue("10000") int mostToDomain,
        @DefaultValue("1h") Duration within) {

    public DsnProperties {
        Setting.require(
                "language", language, DsnTexts.isTag(language), "a language tag, as en or pt-BR");
        Setting.between("most-to-address", mostToAddress, 0, 10_000_000);
        Setting.between("most-to-domain", mostToDomain, 0, 10_000_000);
        Setting.between("within", within, Duration.ofSeconds(1), Duration.ofDays(1));
    }

    Optional<Path> folder() {
        return Optional.ofNullable(templates);
    }
}
