package posthaste.bounce.suppression;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.envelope.Stream;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;
import posthaste.service.suppression.Suppression;
import posthaste.service.suppression.SuppressionClass;
import posthaste.service.suppression.SuppressionKey;

/**
 * Reads addresses, one a line, or CSV whose first line names its columns: {@code address} and,
 * where they are given, {@code stream}, {@code class}, {@code reason}, {@code expires}; others are
 * passed over, so that an export can be imported again. Line by line, so that it may have any
 * length; a line that is wrong is told of, and stops nothing.
 */
public final class SuppressionImport {
    /** Entries that are made durable together. */
    private static final int BATCH = 5_000;

    private static final int LINE_LIMIT = 4_000;
    private static final int TOLD = 20;
    private static final String ADDRESS = "address";

    private final SuppressionOrders orders;
    private final InstantSource clock;
    private final Defaults defaults;
    private long imported;

    /**
     * What holds of a line that does not say.
     *
     * @param stream empty: all streams
     */
    public record Defaults(
            Optional<Stream> stream,
            SuppressionClass suppressionClass,
            String reason,
            String operator) {}

    /**
     * What came of it.
     *
     * @param imported entries that are in force now
     * @param wrong lines that were no entries
     * @param problems the first of these, each with its number
     */
    public record Report(long imported, long wrong, List<String> problems) {}

    public SuppressionImport(SuppressionOrders orders, InstantSource clock, Defaults defaults) {
        this.orders = orders;
        this.clock = clock;
        this.defaults = defaults;
    }

    /**
     * Reads to the end, once.
     *
     * @throws QueueUnavailableException when the broker is away: what was read before is in force,
     *     and it can all be imported again
     */
    public Report read(Reader source)
            throws IOException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        BufferedReader lines = new BufferedReader(source);
        List<Suppression> batch = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Map<String, Integer> columns = Map.of(ADDRESS, 0);
        long number = 0;
        long wrong = 0;
        for (String line = readLine(lines); line != null; line = readLine(lines)) {
            number++;
            List<String> cells = cells(number == 1 ? withoutMark(line) : line);
            if (number == 1 && cells.stream().anyMatch(cell -> isName(cell, ADDRESS))) {
                columns = columns(cells);
                continue;
            }
            if (line.isBlank() || line.startsWith("#") || isOnlyCounted(cells, columns)) {
                continue;
            }
            try {
                batch.add(entry(cells, columns));
            } catch (InvalidAddressException e) {
                wrong++;
                if (problems.size() < TOLD) {
                    problems.add("line " + number + ": " + e.getMessage());
                }
            }
            if (batch.size() == BATCH) {
                orders.addAll(batch);
                imported += batch.size();
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            orders.addAll(batch);
            imported += batch.size();
        }
        return new Report(imported, wrong, problems);
    }

    /** Entries that are in force already, also when the reading was broken off. */
    public long imported() {
        return imported;
    }

    private Suppression entry(List<String> cells, Map<String, Integer> columns)
            throws InvalidAddressException {
        String address = cell(cells, columns, ADDRESS);
        if (address.startsWith("<") && address.endsWith(">")) {
            address = address.substring(1, address.length() - 1);
        }
        String stream = cell(cells, columns, "stream");
        String what = cell(cells, columns, "class");
        String reason = cell(cells, columns, "reason");
        return orders.entry(
                SuppressionKey.of(
                        stream.isEmpty()
                                ? defaults.stream()
                                : SuppressionKey.stream(stream)
                                        .orElseThrow(() -> wrong("no stream is called so")),
                        EmailAddress.parse(address)),
                what.isEmpty()
                        ? defaults.suppressionClass()
                        : SuppressionClass.of(what).orElseThrow(() -> wrong("no such class")),
                reason.isEmpty() ? defaults.reason() : reason,
                expires(cell(cells, columns, "expires")),
                defaults.operator());
    }

    private Optional<Instant> expires(String text) throws InvalidAddressException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Instant expires = Instant.parse(text);
            if (expires.isAfter(clock.instant())) {
                return Optional.of(expires);
            }
        } catch (DateTimeException e) {
            throw new InvalidAddressException("an expiry is written as 2027-01-31T00:00:00Z");
        }
        throw wrong("it has expired");
    }

    private static InvalidAddressException wrong(String what) {
        return new InvalidAddressException(what);
    }

    /** A line of any length, of which more than is allowed is passed over; null at the end. */
    private static @Nullable String readLine(BufferedReader lines) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = lines.read();
        if (c < 0) {
            return null;
        }
        while (c >= 0 && c != '\n') {
            if (c != '\r' && line.length() < LINE_LIMIT) {
                line.append((char) c);
            }
            c = lines.read();
        }
        return line.toString();
    }

    /** Of a line of CSV (RFC 4180), or one that is an address. */
    static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted) {
                if (c != '"') {
                    cell.append(c);
                } else if (i + 1 < line.length() && line.charAt(i + 1) == '"') {
                    cell.append(c);
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == '"' && cell.isEmpty()) {
                quoted = true;
            } else if (c == ',') {
                cells.add(cell.toString().strip());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString().strip());
        return cells;
    }

    private static Map<String, Integer> columns(List<String> names) {
        return IntStream.range(0, names.size())
                .boxed()
                .collect(
                        Collectors.toMap(
                                i -> names.get(i).toLowerCase(Locale.ROOT),
                                i -> i,
                                (first, _) -> first));
    }

    /** In an export of ours: a bounce or two, for which nobody is suppressed yet. */
    private static boolean isOnlyCounted(List<String> cells, Map<String, Integer> columns) {
        return cell(cells, columns, "in_force").equalsIgnoreCase("false");
    }

    private static String cell(List<String> cells, Map<String, Integer> columns, String name) {
        Integer at = columns.get(name);
        return at == null || at >= cells.size() ? "" : cells.get(at);
    }

    private static boolean isName(String cell, String name) {
        return cell.equalsIgnoreCase(name);
    }

    private static String withoutMark(String line) {
        return line.startsWith("\ufeff") ? line.substring(1) : line;
    }
}
