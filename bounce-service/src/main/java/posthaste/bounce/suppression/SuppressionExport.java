package posthaste.bounce.suppression;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Instant;
import java.util.List;
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
        return CsvLine.of(
                List.of(
                        entry.address(),
                        entry.stream(),
                        entry.suppressionClass(),
                        entry.inForce(),
                        entry.count(),
                        entry.reason(),
                        entry.source(),
                        entry.since(),
                        entry.last(),
                        text(entry.expires())));
    }

    private static String text(@Nullable Instant time) {
        return time == null ? "" : time.toString();
    }
}
