package posthaste.bounce.rest;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import posthaste.bounce.charts.Chart;
import posthaste.bounce.charts.Charts;
import posthaste.bounce.deliverylog.ChartQuestion;
import posthaste.bounce.deliverylog.LogCharts.Destination;
import posthaste.bounce.deliverylog.LogUnavailableException;

/** {@code /api/v1/charts}: how it goes, over time. */
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public class ChartsApi {
    private final Charts charts;
    private final InstantSource clock;

    ChartsApi(Charts charts, InstantSource clock) {
        this.charts = charts;
        this.clock = clock;
    }

    /** What is drawn. */
    record Drawn(Instant from, Instant to, List<Chart> charts) {}

    @Described("The figures of the page's charts, over time")
    @GetMapping("/charts")
    Drawn charts(
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String stream,
            @RequestParam(required = false) @Nullable String domain)
            throws WrongParameterException, LogUnavailableException {
        ChartQuestion question =
                ChartParameters.question(from, to, stream, domain, clock.instant());
        return new Drawn(question.from(), question.to(), charts.all(question));
    }

    @Described("Destinations: how much went there, how it was refused, how long it took")
    @GetMapping("/destinations")
    List<Destination> destinations(
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String stream,
            @RequestParam(required = false) @Nullable String domain)
            throws WrongParameterException, LogUnavailableException {
        return charts.destinations(
                ChartParameters.question(from, to, stream, domain, clock.instant()));
    }
}
