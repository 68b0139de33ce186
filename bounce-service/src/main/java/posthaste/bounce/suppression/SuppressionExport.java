package posthaste.bounce.suppression;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import posthaste.bounce.deliverylog.LogUnavailableException;
import tools.jackson.databind.json.JsonMapper;

/** Writes entries as CSV (RFC 4180) or as one JSON object a line, as they come. */
public final class SuppressionExport {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String COLUMNS =
            "address,stream,class,in_force,count,reason,source,since,last,expires\r\n";

    private final SuppressionSearch search;

    /** How it is written. */
    public enum Format {
        CSV,
        JSONL
    }

    public SuppressionExport(SuppressionSearch search) {
        this.search = search;
    }

    /** Writes all that a query finds. */
    public void write(SuppressionQuery query, Format format, Writer out)
            throws IOException, LogUnavailableException {
        if (format == Format.CSV) {
            out.write(COLUMNS);
        }
        try {
            search.forEach(
                    query,
                    entry -> {
                        try {
                            out.write(format == Format.CSV ? csv(entry) : json(entry));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        out.flush();
    }

    private static String json(ListedAddress entry) {
        return JSON.writeValueAsString(entry) + "\n";
    }

    private static String csv(ListedAddress entry) {
        return String.join(
                        ",",
                        cell(entry.address()),
                        cell(entry.stream()),
                        entry.suppressionClass(),
                        Boolean.toString(entry.inForce()),
                        Integer.toString(entry.count()),
                        cell(entry.reason()),
                        cell(entry.source()),
                        entry.since().toString(),
                        entry.last().toString(),
                        text(entry.expires()))
                + "\r\n";
    }

    private static String text(@Nullable Instant time) {
        return time == null ? "" : time.toString();
    }

    /**
     * Quoted where it needs to be. What a spreadsheet would take for a formula is an address or a
     * reply that somebody else chose, so it is given a blank in front, which an import strips.
     */
    private static String cell(String text) {
        String inert = !text.isEmpty() && "=+-@\t".indexOf(text.charAt(0)) >= 0 ? " " + text : text;
        return inert.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                        || !inert.equals(text)
                ? '"' + inert.replace("\"", "\"\"") + '"'
                : inert;
    }
}
