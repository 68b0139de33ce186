package posthaste.bounce.web;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;
import posthaste.bounce.audit.AuditReport;
import posthaste.bounce.audit.AuditSchedule;
import posthaste.bounce.audit.QueueOverview;
import posthaste.bounce.audit.QueueView;
import posthaste.bounce.deliverylog.LogQuery;
import posthaste.bounce.deliverylog.LogSearch;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.deliverylog.LoggedEvent;
import posthaste.bounce.deliverylog.LoggedMail;
import posthaste.bounce.deliverylog.MailStory;
import posthaste.bounce.deliverylog.RecipientStanding;
import posthaste.bounce.rest.SearchParameters;
import posthaste.bounce.rest.WrongParameterException;
import posthaste.mail.envelope.MailId;
import posthaste.queue.QueueUnavailableException;

/** The pages: search, a mail's story, the queue. */
@Controller
public class Pages {
    private static final int PAGE = 50;
    private static final int SHOWN_RECIPIENTS = 100;
    private static final int SHOWN_EVENTS = 500;

    private final LogSearch log;
    private final QueueView queues;
    private final AuditSchedule audit;
    private final InstantSource clock;

    Pages(LogSearch log, QueueView queues, AuditSchedule audit, InstantSource clock) {
        this.log = log;
        this.queues = queues;
        this.audit = audit;
        this.clock = clock;
    }

    /** Above what is found. */
    @ModelAttribute
    void overview(Model model) {
        Optional<AuditReport> report = audit.latest();
        report.ifPresent(latest -> model.addAttribute("audit", latest));
    }

    /** The search, and what it finds; a single mail's id leads to its story. */
    @GetMapping("/")
    String search(@RequestParam MultiValueMap<String, String> given, Model model) {
        SearchForm form = SearchForm.of(given);
        model.addAttribute("form", form);
        model.addAttribute("periods", SearchForm.PERIODS);
        model.addAttribute("mails", List.of());
        try {
            LogQuery query = SearchParameters.read(form.parameters(), clock.instant(), PAGE);
            List<LoggedMail> mails = log.find(query);
            if (form.namesId() && mails.size() == 1) {
                return "redirect:/mail/" + mails.getFirst().id();
            }
            model.addAttribute("mails", mails);
            model.addAttribute("export", export(form));
            if (mails.size() == PAGE) {
                model.addAttribute("next", next(form, mails.getLast()));
            }
        } catch (WrongParameterException e) {
            model.addAttribute("problem", problem(e));
        } catch (LogUnavailableException e) {
            model.addAttribute("problem", e.getMessage());
        }
        return "search";
    }

    /** A mail's story, or one recipient's part of it. */
    @GetMapping("/mail/{id}")
    String story(
            @PathVariable String id, @RequestParam(defaultValue = "") String recipient, Model model)
            throws LogUnavailableException, NoSuchPageException {
        Optional<MailStory> story =
                MailId.isValid(id) ? log.story(new MailId(id)) : Optional.empty();
        if (story.isEmpty()) {
            throw new NoSuchPageException();
        }
        String only = recipient.strip();
        LoggedMail mail = story.get().mail();
        List<RecipientStanding> recipients =
                mail.recipients().stream()
                        .filter(one -> only.isEmpty() || one.address().equalsIgnoreCase(only))
                        .toList();
        List<LoggedEvent> events =
                story.get().events().stream()
                        .filter(one -> only.isEmpty() || one.recipient().equalsIgnoreCase(only))
                        .toList();
        model.addAttribute("mail", mail);
        model.addAttribute("only", only);
        model.addAttribute("verdict", Verdict.of(mail, recipients, new Shown(clock.instant())));
        model.addAttribute(
                "states",
                mail.recipients().stream()
                        .collect(
                                Collectors.groupingBy(
                                        RecipientStanding::state,
                                        TreeMap::new,
                                        Collectors.counting())));
        // Who still waits, or did not get it, is what people look for.
        model.addAttribute(
                "recipients",
                recipients.stream()
                        .sorted(
                                Comparator.comparing(
                                        (RecipientStanding one) -> one.state().equals("delivered")))
                        .limit(SHOWN_RECIPIENTS)
                        .toList());
        model.addAttribute(
                "timeline", events.stream().limit(SHOWN_EVENTS).map(TimelineEntry::of).toList());
        model.addAttribute("cut", story.get().isCut() || events.size() > SHOWN_EVENTS);
        return "story";
    }

    /** What is queued, by destination. */
    @GetMapping("/queue")
    String queue(Model model) throws QueueUnavailableException, InterruptedException {
        queue(model, queues.look());
        return "queue";
    }

    /** The part of that page that is looked at again and again. */
    @GetMapping("/queue/live")
    String live(Model model) throws QueueUnavailableException, InterruptedException {
        queue(model, queues.look());
        return "queue :: live";
    }

    /** A place where jobs wait. */
    public record Waiting(String name, String topic, long jobs) {}

    private static void queue(Model model, QueueOverview queue) {
        Shown show = new Shown(queue.asOf());
        model.addAttribute("queue", queue);
        model.addAttribute(
                "places",
                queue.topics().stream()
                        .map(place ->
                                new Waiting(
                                        show.queueName(place.topic()), place.topic(), place.jobs()))
                        .toList());
        model.addAttribute(
                "oldest",
                queue.destinations().stream()
                        .map(QueueOverview.Destination::oldest)
                        .min(Comparator.naturalOrder())
                        .orElse(null));
        model.addAttribute(
                "due",
                queue.destinations().stream()
                        .map(QueueOverview.Destination::nextDue)
                        .min(Comparator.naturalOrder())
                        .orElse(null));
    }

    /** All that was found as a file, but for its format. */
    private static String export(SearchForm form) {
        UriComponentsBuilder link = UriComponentsBuilder.fromPath("/api/v1/messages/export");
        Map<String, Object> values = new HashMap<>();
        form.parameters()
                .forEach((name, value) -> {
                    if (!name.equals("before")) {
                        link.queryParam(name, "{" + name + "}");
                        values.put(name, value.getFirst());
                    }
                });
        return link.queryParam("format", "").encode().buildAndExpand(values).toUriString();
    }

    private static String next(SearchForm form, LoggedMail last) {
        return UriComponentsBuilder.fromPath("/")
                .queryParam("recipient", "{recipient}")
                .queryParam("sender", "{sender}")
                .queryParam("since", "{since}")
                .queryParam("from", "{from}")
                .queryParam("to", "{to}")
                .queryParam("before", "{before}")
                .encode()
                .buildAndExpand(
                        form.recipient(),
                        form.sender(),
                        form.since(),
                        form.from(),
                        form.to(),
                        last.id())
                .toUriString();
    }

    /** In the page's own words for its fields. */
    private static String problem(WrongParameterException e) {
        String field =
                switch (e.parameter()) {
                    case "recipient" -> "The recipient";
                    case "sender" -> "The sender";
                    case "id" -> "A sender is an address; without @ it";
                    case "from" -> "The time in \u201cfrom\u201d";
                    case "to" -> "The time in \u201cto\u201d";
                    default -> "The parameter " + e.parameter();
                };
        return field + " must be " + e.allowed() + ".";
    }
}
