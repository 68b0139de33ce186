package posthaste.bounce.web;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
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
import posthaste.bounce.audit.QueueView;
import posthaste.bounce.deliverylog.LogQuery;
import posthaste.bounce.deliverylog.LogSearch;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.deliverylog.LoggedMail;
import posthaste.bounce.deliverylog.MailStory;
import posthaste.bounce.rest.SearchParameters;
import posthaste.bounce.rest.WrongParameterException;
import posthaste.mail.envelope.MailId;
import posthaste.queue.QueueUnavailableException;

/** The pages: search, a mail's story, the queue. */
@Controller
public class Pages {
    private static final int PAGE = 50;

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

    /** On every page. */
    @ModelAttribute
    void common(Model model) {
        Instant now = clock.instant();
        model.addAttribute("now", now);
        model.addAttribute("show", new Shown(now));
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

    /** A mail's story. */
    @GetMapping("/mail/{id}")
    String story(@PathVariable String id, Model model)
            throws LogUnavailableException, NoSuchPageException {
        Optional<MailStory> story =
                MailId.isValid(id) ? log.story(new MailId(id)) : Optional.empty();
        if (story.isEmpty()) {
            throw new NoSuchPageException();
        }
        model.addAttribute("story", story.get());
        model.addAttribute("mail", story.get().mail());
        model.addAttribute(
                "timeline", story.get().events().stream().map(TimelineEntry::of).toList());
        return "story";
    }

    /** What is queued, by destination. */
    @GetMapping("/queue")
    String queue(Model model) throws QueueUnavailableException, InterruptedException {
        model.addAttribute("queue", queues.look());
        return "queue";
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
