package posthaste.bounce.rest;

import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import posthaste.bounce.deliverylog.ExportedRecipient;
import posthaste.bounce.suppression.SuppressionExport.Format;

/**
 * A response that is a file of recipients. It begins with the first of them: whatever goes wrong
 * before is answered as a problem, and not by a file that ends early.
 */
final class ExportedFile {
    private final HttpServletResponse response;
    private final Format format;
    private final ExportedLines lines;
    private @Nullable Writer writer;

    ExportedFile(HttpServletResponse response, Format format) {
        this.response = response;
        this.format = format;
        this.lines = new ExportedLines(format);
    }

    void write(ExportedRecipient recipient) throws IOException {
        lines.write(begun(), recipient);
    }

    /** The file is whole, be it empty. */
    void end() throws IOException {
        begun().flush();
    }

    boolean hasBegun() {
        return writer != null;
    }

    private Writer begun() throws IOException {
        Writer known = writer;
        if (known == null) {
            boolean isCsv = format == Format.CSV;
            response.setContentType(
                    isCsv
                            ? new MediaType("text", "csv", StandardCharsets.UTF_8).toString()
                            : MediaType.APPLICATION_NDJSON_VALUE);
            response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION,
                    "attachment; filename=\"posthaste-mail." + (isCsv ? "csv" : "jsonl") + "\"");
            known =
                    new BufferedWriter(
                            new OutputStreamWriter(
                                    response.getOutputStream(), StandardCharsets.UTF_8));
            lines.begin(known);
            writer = known;
        }
        return known;
    }
}
