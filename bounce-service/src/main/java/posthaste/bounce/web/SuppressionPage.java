package posthaste.bounce.web;

import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.util.UriComponentsBuilder;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.operator.NotRecordedException;
import posthaste.bounce.operator.Operator;
import posthaste.bounce.rest.RecordedSuppressions;
import posthaste.bounce.rest.SuppressionParameters;
import posthaste.bounce.rest.WrongParameterException;
import posthaste.bounce.suppression.ListedAddress;
import posthaste.bounce.suppression.SuppressionImport;
import posthaste.bounce.suppression.SuppressionQuery;
import posthaste.bounce.suppression.SuppressionSearch;
import posthaste.mail.envelope.Stream;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;
import posthaste.service.settings.QueueProperties;
import posthaste.service.suppression.SuppressionClass;
import posthaste.service.suppression.SuppressionKey;

/** The page of the suppression list: who gets no mail and why, and what an operator can do. */
@Controller
public class SuppressionPage {
    private static final String PAGE = "50";

    private final SuppressionSearch search;
    private final RecordedSuppressions orders;
    private final List<String> streams;

    SuppressionPage(SuppressionSearch search, RecordedSuppressions orders, QueueProperties queue) {
        this.search = search;
        this.orders = orders;
        this.streams = queue.streams().stream().map(Stream::name).toList();
    }

    /** The search as it was typed. */
    public record Form(
            String address, String suppressionClass, String stream, String removed, String after) {}

    @GetMapping("/suppressions")
    String suppressions(
            @RequestParam(defaultValue = "") String address,
            @RequestParam(defaultValue = "") String suppressionClass,
            @RequestParam(defaultValue = "") String stream,
            @RequestParam(defaultValue = "") String removed,
            @RequestParam(defaultValue = "") String after,
            @RequestParam(required = false) @Nullable Long added,
            @RequestParam(defaultValue = "0") long wrong,
            Model model) {
        Form form = new Form(address, suppressionClass, stream, removed, after);
        choices(model);
        model.addAttribute("form", form);
        model.addAttribute("added", added);
        model.addAttribute("wrong", wrong);
        model.addAttribute("entries", List.of());
        try {
            SuppressionQuery query =
                    SuppressionParameters.query(
                            address, suppressionClass, stream, removed, after, PAGE);
            List<ListedAddress> found = search.find(query);
            model.addAttribute("entries", found);
            if (found.size() == query.limit()) {
                model.addAttribute("next", next(form, found.getLast()));
            }
        } catch (WrongParameterException | LogUnavailableException e) {
            model.addAttribute("problem", e.getMessage());
        }
        return "suppressions";
    }

    /** Adds one address, or many: as a file for import would have them. */
    @PostMapping("/suppressions")
    String add(
            @RequestParam String addresses,
            @RequestParam String suppressionClass,
            @RequestParam String stream,
            @RequestParam String reason,
            Operator operator,
            RedirectAttributes told)
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
        SuppressionImport.Report report =
                orders.importAll(
                        "suppression.add",
                        addresses.strip().replaceAll("\\s+", ", "),
                        new StringReader(addresses),
                        defaults,
                        operator);
        if (report.imported() == 0 && report.wrong() > 0) {
            throw new WrongParameterException(
                    "addresses", "addresses, one a line (" + report.problems().getFirst() + ")");
        }
        told.addAttribute("added", report.imported());
        told.addAttribute("wrong", report.wrong());
        return "redirect:/suppressions";
    }

    @PostMapping("/suppressions/remove")
    String remove(
            @RequestParam String address,
            @RequestParam String stream,
            @RequestParam String reason,
            Operator operator)
            throws WrongParameterException,
                    NotRecordedException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        SuppressionKey key = SuppressionParameters.key(stream, address);
        orders.remove(key, SuppressionParameters.text("reason", reason), operator);
        return "redirect:"
                + UriComponentsBuilder.fromPath("/suppressions")
                        .queryParam("address", "{address}")
                        .queryParam("removed", "true")
                        .encode()
                        .buildAndExpand(key.address())
                        .toUriString();
    }

    private void choices(Model model) {
        model.addAttribute(
                "classes",
                Arrays.stream(SuppressionClass.values()).map(SuppressionClass::word).toList());
        model.addAttribute("streams", streams);
    }

    private static String next(Form form, ListedAddress last) {
        return UriComponentsBuilder.fromPath("/suppressions")
                .queryParam("address", "{address}")
                .queryParam("suppressionClass", "{class}")
                .queryParam("stream", "{stream}")
                .queryParam("removed", "{removed}")
                .queryParam("after", "{after}")
                .encode()
                .buildAndExpand(
                        form.address(),
                        form.suppressionClass(),
                        form.stream(),
                        form.removed(),
                        last.stream() + ":" + last.address())
                .toUriString();
    }
}
