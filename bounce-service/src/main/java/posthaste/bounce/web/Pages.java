package posthaste.bounce.web;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
import posthaste.bounce.deliverylog.LoggedMail;
import posthaste.bounce.deliverylog.StoryPages;
import posthaste.bounce.deliverylog.StoryPages.Part;
import posthaste.bounce.deliverylog.StoryPages.Place;
import posthaste.bounce.deliverylog.StoryPages.Question;
import posthaste.bounce.rest.SearchParameters;
import posthaste.bounce.rest.WrongParameterException;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Stream;
import posthaste.queue.QueueUnavailableException;
import posthaste.service.settings.QueueProperties;

/** The pages: search, a mail's story, the queue. */
@Controller
public class Pages {
    private static final int PAGE = 50;
    private static final int SHOWN_RECIPIENTS = 100;
    private static final int SHOWN_EVENTS = 500;

    /** Choices of the search, as REST has them. */
    private static final List<String> CLASSES = SearchParameters.classes();

    private static final List<String> OUTCOMES = SearchParameters.outcomes();

    private final LogSearch log;
    private final StoryPages stories;
    private final QueueView queues;
    private final AuditSchedule audit;
    private final List<String> streams;
    private final InstantSource clock;

    Pages(
            LogSearch log,
            StoryPages stories,
            QueueView queues,
            AuditSchedule audit,
            QueueProperties queue,
            InstantSource clock) {
        this.log = log;
        this.stories = stories;
        this.queues = queues;
        this.audit = audit;
        this.streams = queue.streams().stream().map(Stream::name).toList();
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
        model.addAttribute("classes", CLASSES);
        model.addAttribute("outcomes", OUTCOMES);
        model.addAttribute("streams", streams);
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
            @PathVariable String id,
            @RequestParam(defaultValue = "") String recipient,
            @RequestParam(defaultValue = "") String after,
            Model model)
            throws LogUnavailableException, NoSuchPageException {
        String only = recipient.strip();
        if (!MailId.isValid(id) || !only.matches("\\P{Cntrl}{0,512}")) {
            throw new NoSuchPageException();
        }
        Part story =
                stories.part(
                                new Question(
                                        new MailId(id),
                                        only,
                                        Place.of(after),
                                        SHOWN_RECIPIENTS,
                                        SHOWN_EVENTS))
                        .orElseThrow(NoSuchPageException::new);
        model.addAttribute("mail", story.mail());
        model.addAttribute("only", only);
        model.addAttribute("isFirst", Place.of(after).isEmpty());
        model.addAttribute("verdict", Verdict.of(story, only, new Shown(clock.instant())));
        model.addAttribute("states", new TreeMap<>(story.states()));
        model.addAttribute("recipients", story.mail().recipients());
        model.addAttribute("next", story.next().map(Place::word).orElse(null));
        model.addAttribute("timeline", story.events().stream().map(TimelineEntry::of).toList());
        model.addAttribute("cut", story.isCut());
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
        Map<String, String> search = new LinkedHashMap<>();
        form.parameters().forEach((name, value) -> search.put(name, value.getFirst()));
        search.remove("before");
        // Last, and without its value.
        search.put("format", "");
        return link("/api/v1/messages/export", search);
    }

    private static String next(SearchForm form, LoggedMail last) {
        Map<String, String> search = new LinkedHashMap<>(form.typed());
        search.put("before", last.id());
        return link("/", search);
    }

    private static String link(String path, Map<String, String> parameters) {
        UriComponentsBuilder link = UriComponentsBuilder.fromPath(path);
        parameters.keySet().forEach(name -> link.queryParam(name, "{" + name + "}"));
        return link.encode().buildAndExpand(parameters).toUriString();
    }

    /** In the page's own words for its fields. */
    private static String problem(WrongParameterException e) {
        String field =
                switch (e.parameter()) {
                    case "recipient" -> "The recipient";
                    case "sender" -> "The sender";
                    case "id" -> "A sender is an address; without @ it";
                    case "messageId" -> "The Message-ID";
                    case "domain" -> "The domain";
                    case "reply" -> "What the server said";
                    case "status" -> "The status";
                    case "from" -> "The time in \u201cfrom\u201d";
                    case "to" -> "The time in \u201cto\u201d";
                    default -> "The parameter " + e.parameter();
                };
        return field + " must be " + e.allowed() + ".";
    }
}
