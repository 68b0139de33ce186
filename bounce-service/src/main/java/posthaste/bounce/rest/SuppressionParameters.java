package posthaste.bounce.rest;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import posthaste.bounce.suppression.ListedAddress;
import posthaste.bounce.suppression.SuppressionExport.Format;
import posthaste.bounce.suppression.SuppressionQuery;
import posthaste.mail.address.Domains;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.envelope.Stream;
import posthaste.service.suppression.Suppression;
import posthaste.service.suppression.SuppressionClass;
import posthaste.service.suppression.SuppressionKey;

/** What requests about the suppression list say, read once for page, REST and command line. */
public final class SuppressionParameters {
    private static final int STANDARD = 100;
    private static final int ADDRESS_LIMIT = 320;

    private SuppressionParameters() {}

    /** A search; a parameter that is null or blank was not given. */
    public static SuppressionQuery query(
            @Nullable String address,
            @Nullable String suppressionClass,
            @Nullable String stream,
            @Nullable String removed,
            @Nullable String after,
            @Nullable String limit)
            throws WrongParameterException {
        return new SuppressionQuery(
                searched(given(address)),
                given(suppressionClass).isEmpty()
                        ? Optional.empty()
                        : Optional.of(classOf(suppressionClass)),
                given(stream).isEmpty()
                        ? Optional.empty()
                        : Optional.of(stream(stream).map(Stream::name).orElse("*")),
                given(removed).equals("true"),
                given(after).isEmpty() ? Optional.empty() : Optional.of(place(given(after))),
                Given.of("limit", limit).limit(STANDARD, SuppressionQuery.LIMIT));
    }

    /** A key; {@code *} when no stream is given. */
    public static SuppressionKey key(@Nullable String stream, @Nullable String address)
            throws WrongParameterException {
        try {
            return SuppressionKey.of(stream(stream), EmailAddress.parse(given(address)));
        } catch (InvalidAddressException e) {
            throw new WrongParameterException("address", "an address: " + e.getMessage());
        }
    }

    /** A stream, or all. */
    public static Optional<Stream> stream(@Nullable String stream) throws WrongParameterException {
        String word = given(stream).isEmpty() ? SuppressionKey.EVERYWHERE : given(stream);
        Optional<Optional<Stream>> read = SuppressionKey.stream(word);
        if (read.isEmpty()) {
            throw new WrongParameterException("stream", "the name of a stream, or * for all");
        }
        return read.get();
    }

    /** A class; {@code manual} when none is given. */
    public static SuppressionClass classOf(@Nullable String word) throws WrongParameterException {
        Optional<SuppressionClass> read =
                given(word).isEmpty()
                        ? Optional.of(SuppressionClass.MANUAL)
                        : SuppressionClass.of(given(word));
        if (read.isEmpty()) {
            throw new WrongParameterException(
                    "suppressionClass",
                    Arrays.stream(SuppressionClass.values())
                            .map(SuppressionClass::word)
                            .collect(Collectors.joining(", ", "one of ", "")));
        }
        return read.get();
    }

    /** A sentence. */
    public static String text(String name, @Nullable String text) throws WrongParameterException {
        if (given(text).length() > Suppression.TEXT_LIMIT) {
            throw new WrongParameterException(
                    name, "at most " + Suppression.TEXT_LIMIT + " characters");
        }
        return given(text);
    }

    /** A time to come, or a day; never, when none is given. */
    public static Optional<Instant> expires(@Nullable String text, Instant now)
            throws WrongParameterException {
        if (given(text).isEmpty()) {
            return Optional.empty();
        }
        try {
            Instant expires =
                    given(text).length() == 10
                            ? LocalDate.parse(given(text)).atStartOfDay().toInstant(ZoneOffset.UTC)
                            : Instant.parse(given(text));
            if (expires.isAfter(now)) {
                return Optional.of(expires);
            }
        } catch (DateTimeException _) {
            // Told below, as one that is past is.
        }
        throw new WrongParameterException(
                "expires", "a time to come, as 2027-01-31 or 2027-01-31T12:00:00Z");
    }

    /** The format of an export: CSV when none is given. */
    public static Format format(@Nullable String word) throws WrongParameterException {
        return switch (given(word).toLowerCase(Locale.ROOT)) {
            case "", "csv" -> Format.CSV;
            case "jsonl" -> Format.JSONL;
            default -> throw new WrongParameterException("format", "csv or jsonl");
        };
    }

    /** An entry as lists show it. */
    public static ListedAddress shown(Suppression entry) {
        return new ListedAddress(
                entry.key().address(),
                entry.key().streamWord(),
                entry.suppressionClass().word(),
                entry.inForce(),
                entry.count(),
                entry.reason(),
                entry.source(),
                entry.since(),
                entry.last(),
                entry.expires().orElse(null));
    }

    /** A whole address in any spelling, {@code @} and a domain, or how an address begins. */
    private static String searched(String text) throws WrongParameterException {
        if (text.length() > ADDRESS_LIMIT || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new WrongParameterException(
                    "address", "at most " + ADDRESS_LIMIT + " characters of an address");
        }
        if (text.startsWith("@")) {
            return "@" + Domains.toAscii(text.substring(1));
        }
        try {
            return text.contains("@")
                    ? SuppressionKey.normalised(EmailAddress.parse(text))
                    : text.toLowerCase(Locale.ROOT);
        } catch (InvalidAddressException e) {
            return text.toLowerCase(Locale.ROOT);
        }
    }

    private static SuppressionQuery.After place(String text) throws WrongParameterException {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new WrongParameterException("after", "STREAM:ADDRESS, as the list's link has it");
        }
        return new SuppressionQuery.After(text.substring(colon + 1), text.substring(0, colon));
    }

    private static String given(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
