package posthaste.bounce.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.operator.NotRecordedException;
import posthaste.bounce.operator.Operator;
import posthaste.bounce.suppression.ListedAddress;
import posthaste.bounce.suppression.SuppressionExport;
import posthaste.bounce.suppression.SuppressionExport.Format;
import posthaste.bounce.suppression.SuppressionImport;
import posthaste.bounce.suppression.SuppressionQuery;
import posthaste.bounce.suppression.SuppressionSearch;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;
import posthaste.service.suppression.SuppressionClass;
import posthaste.service.suppression.SuppressionKey;

/** {@code /api/v1/suppressions}: addresses that get no mail. */
@RestController
@RequestMapping(path = "/api/v1/suppressions", produces = "application/json")
public class SuppressionsApi {
    private final SuppressionSearch search;
    private final RecordedSuppressions orders;
    private final SuppressionExport export;
    private final InstantSource clock;

    SuppressionsApi(
            SuppressionSearch search,
            RecordedSuppressions orders,
            SuppressionExport export,
            InstantSource clock) {
        this.search = search;
        this.orders = orders;
        this.export = export;
        this.clock = clock;
    }

    /**
     * An entry to be made.
     *
     * @param stream {@code *}, for all streams, when not given
     * @param suppressionClass {@code manual} when not given
     * @param expires null: never
     */
    record Wanted(
            @Nullable String address,
            @Nullable String stream,
            @Nullable String suppressionClass,
            @Nullable String reason,
            @Nullable String expires) {}

    /** What was taken out. */
    record Removed(String address, String stream, String operator) {}

    /** By address; a full list bears a link to the next one. */
    @Described("Entries of the suppression list, by address")
    @GetMapping
    ResponseEntity<List<ListedAddress>> suppressions(
            @RequestParam(required = false) @Nullable String address,
            @RequestParam(required = false) @Nullable String suppressionClass,
            @RequestParam(required = false) @Nullable String stream,
            @RequestParam(required = false) @Nullable String removed,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit)
            throws WrongParameterException, LogUnavailableException {
        SuppressionQuery query =
                SuppressionParameters.query(
                        address, suppressionClass, stream, removed, after, limit);
        List<ListedAddress> found = search.find(query);
        ResponseEntity.BodyBuilder response = ResponseEntity.ok();
        if (found.size() == query.limit()) {
            ListedAddress last = found.getLast();
            String next =
                    ServletUriComponentsBuilder.fromCurrentRequest()
                            .replaceQueryParam("after", "{after}")
                            .encode()
                            .buildAndExpand(last.stream() + ":" + last.address())
                            .toUriString();
            response.header(HttpHeaders.LINK, "<" + next + ">; rel=\"next\"");
        }
        return response.body(found);
    }

    @Described("Puts an address on the suppression list")
    @PostMapping(consumes = "application/json")
    ListedAddress suppress(@RequestBody Wanted wanted, Operator operator)
            throws WrongParameterException,
                    NotRecordedException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        SuppressionKey key = SuppressionParameters.key(wanted.stream(), wanted.address());
        SuppressionClass of = SuppressionParameters.classOf(wanted.suppressionClass());
        String reason = SuppressionParameters.text("reason", wanted.reason());
        Optional<Instant> expires =
                SuppressionParameters.expires(wanted.expires(), clock.instant());
        return SuppressionParameters.shown(orders.add(key, of, reason, expires, operator));
    }

    /** No form of another site can send this method. */
    @Described("Takes an address off the suppression list")
    @DeleteMapping("/{stream}/{address}")
    Removed unsuppress(
            @PathVariable String stream,
            @PathVariable String address,
            @RequestParam(required = false) @Nullable String reason,
            Operator operator)
            throws WrongParameterException,
                    NotRecordedException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        SuppressionKey key = SuppressionParameters.key(stream, address);
        String why = SuppressionParameters.text("reason", reason);
        orders.remove(key, why, operator);
        return new Removed(key.address(), key.streamWord(), operator.name());
    }

    /** Read as it comes, so that it may have any length. */
    @Described("Puts the addresses of a file on the suppression list: one a line, or CSV")
    @PostMapping(path = "/import", consumes = "text/csv")
    SuppressionImport.Report importSuppressions(
            HttpServletRequest file,
            @RequestParam(required = false) @Nullable String stream,
            @RequestParam(required = false) @Nullable String suppressionClass,
            @RequestParam(required = false) @Nullable String reason,
            Operator operator)
            throws WrongParameterException,
                    NotRecordedException,
                    IOException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        SuppressionImport.Defaults defaults =
                new SuppressionImport.Defaults(
                        SuppressionParameters.stream(stream),
                        SuppressionParameters.classOf(suppressionClass),
                        SuppressionParameters.text("reason", reason),
                        operator.name());
        return orders.importAll(
                "suppression.import",
                "a file",
                new InputStreamReader(file.getInputStream(), StandardCharsets.UTF_8),
                defaults,
                operator);
    }

    /** Written as it is found. */
    @Described("All entries of the suppression list, as CSV or as one JSON object a line")
    @GetMapping(
            path = "/export",
            produces = {"text/csv", "application/x-ndjson"})
    ResponseEntity<StreamingResponseBody> exportSuppressions(
            @RequestParam(required = false) @Nullable String format,
            @RequestParam(required = false) @Nullable String address,
            @RequestParam(required = false) @Nullable String suppressionClass,
            @RequestParam(required = false) @Nullable String stream)
            throws WrongParameterException, LogUnavailableException {
        Format as = SuppressionParameters.format(format);
        SuppressionQuery query =
                SuppressionParameters.query(address, suppressionClass, stream, null, null, null);
        // So that a database that is away is told as such, and not by a file that ends early.
        List<ListedAddress> _ = search.find(query);
        StreamingResponseBody body =
                out -> {
                    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                    try {
                        export.write(query, as, writer);
                    } catch (LogUnavailableException e) {
                        throw new IOException(e.getMessage(), e);
                    }
                };
        return ResponseEntity.ok()
                .contentType(
                        as == Format.CSV
                                ? new MediaType("text", "csv", StandardCharsets.UTF_8)
                                : MediaType.APPLICATION_NDJSON)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"suppressions."
                                + (as == Format.CSV ? "csv" : "jsonl")
                                + '"')
                .body(body);
    }
}
