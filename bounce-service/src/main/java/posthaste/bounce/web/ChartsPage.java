package posthaste.bounce.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;
import posthaste.bounce.charts.Charts;
import posthaste.bounce.deliverylog.ChartQuestion;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.rest.ChartParameters;
import posthaste.bounce.rest.WrongParameterException;
import posthaste.mail.envelope.Stream;
import posthaste.service.settings.QueueProperties;

/** The page of charts. Each has its figures as a table, from which a script draws it. */
@Controller
public class ChartsPage {
    private static final List<String> PERIODS = List.of("1h", "6h", "24h", "7d", "30d");
    private static final Duration SHORTEST = Duration.ofMinutes(10);

    private final Charts charts;
    private final List<String> streams;
    private final InstantSource clock;

    ChartsPage(Charts charts, QueueProperties queue, InstantSource clock) {
        this.charts = charts;
        this.streams = queue.streams().stream().map(Stream::name).toList();
        this.clock = clock;
    }

    /** What was asked for. */
    public record Form(String from, String to, String stream, String domain) {}

    @GetMapping("/charts")
    String charts(
            @RequestParam(defaultValue = "24h") String from,
            @RequestParam(defaultValue = "") String to,
            @RequestParam(defaultValue = "") String stream,
            @RequestParam(defaultValue = "") String domain,
            Model model)
            throws WrongParameterException, LogUnavailableException {
        Instant now = clock.instant();
        ChartQuestion question = ChartParameters.question(from, to, stream, domain, now);
        Form form = new Form(from, to, stream, domain);
        model.addAttribute("form", form);
        model.addAttribute("question", question);
        model.addAttribute("periods", PERIODS);
        model.addAttribute("streams", streams);
        model.addAttribute("moves", moves(form, question, now));
        model.addAttribute("charts", charts.all(question));
        model.addAttribute("destinations", charts.destinations(question));
        return "charts";
    }

    /** Ways to other times, for who has no mouse to draw one in a chart. */
    private static Map<String, String> moves(Form form, ChartQuestion question, Instant now) {
        Duration length = Duration.between(question.from(), question.to());
        Duration half = length.dividedBy(2);
        Map<String, String> moves = new LinkedHashMap<>();
        moves.put("Earlier", link(form, question.from().minus(half), question.to().minus(half)));
        if (question.to().isBefore(now)) {
            moves.put("Later", link(form, question.from().plus(half), question.to().plus(half)));
        }
        if (length.compareTo(SHORTEST) > 0) {
            Duration quarter = length.dividedBy(4);
            moves.put(
                    "Closer",
                    link(form, question.from().plus(quarter), question.to().minus(quarter)));
        }
        Instant end = question.to().plus(half);
        moves.put("Wider", link(form, question.from().minus(length), end.isAfter(now) ? now : end));
        return moves;
    }

    private static String link(Form form, Instant from, Instant to) {
        return UriComponentsBuilder.fromPath("/charts")
                .queryParam("from", "{from}")
                .queryParam("to", "{to}")
                .queryParam("stream", "{stream}")
                .queryParam("domain", "{domain}")
                .encode()
                .buildAndExpand(
                        from.truncatedTo(ChronoUnit.SECONDS),
                        to.truncatedTo(ChronoUnit.SECONDS),
                        form.stream(),
                        form.domain())
                .toUriString();
    }
}
