package posthaste.bounce.rest;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import posthaste.bounce.audit.AuditReport;
import posthaste.bounce.audit.AuditSchedule;
import posthaste.bounce.audit.QueueOverview;
import posthaste.bounce.audit.QueueView;
import posthaste.bounce.deliverylog.LogExport;
import posthaste.bounce.deliverylog.LogQuery;
import posthaste.bounce.deliverylog.LogSearch;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.deliverylog.LoggedMail;
import posthaste.bounce.deliverylog.MailStory;
import posthaste.bounce.deliverylog.StoryPages;
import posthaste.bounce.deliverylog.StoryPages.Question;
import posthaste.bounce.deliverylog.TooManyExportsException;
import posthaste.bounce.suppression.SuppressionExport.Format;
import posthaste.mail.envelope.MailId;
import posthaste.queue.QueueUnavailableException;

/** {@code /api/v1}: what became of mail, what is queued, and whether all of it is accounted for. */
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public class RestApi {
    private static final int LIMIT = 100;
    private static final int STORY_EVENTS = 20_000;

    /** Recipients in a file: more than a spreadsheet takes. */
    private static final long EXPORTED = 10_000_000;

    private final LogSearch log;
    private final StoryPages stories;
    private final LogExport export;
    private final QueueView queues;
    private final AuditSchedule audit;
    private final InstantSource clock;

    RestApi(
            LogSearch log,
            StoryPages stories,
            LogExport export,
            QueueView queues,
            AuditSchedule audit,
            InstantSource clock) {
        this.log = log;
        this.stories = stories;
        this.export = export;
        this.queues = queues;
        this.audit = audit;
        this.clock = clock;
    }

    /** Newest first; a full list bears a link to the next one. */
    @Described("A list of mails, newest first")
    @GetMapping("/messages")
    ResponseEntity<List<MessageJson.Listed>> messages(
            @RequestParam MultiValueMap<String, String> parameters)
            throws WrongParameterException, LogUnavailableException {
        LogQuery query = SearchParameters.read(parameters, clock.instant(), LIMIT);
        List<LoggedMail> mails = log.find(query);
        ResponseEntity.BodyBuilder response = ResponseEntity.ok();
        if (mails.size() == query.limit()) {
            String next =
                    ServletUriComponentsBuilder.fromCurrentRequest()
                            .replaceQueryParam("before", mails.getLast().id())
                            .build()
                            .toUriString();
            response.header(HttpHeaders.LINK, "<" + next + ">; rel=\"next\"");
        }
        return response.body(mails.stream().map(MessageJson::listed).toList());
    }

    /**
     * Written as it is found, by the thread of the request: how long it may take is up to the
     * client, who need only go on reading.
     */
    @Described("What a search finds, one recipient a line, as CSV or as one JSON object a line")
    @GetMapping(
            path = "/messages/export",
            produces = {"text/csv", "application/x-ndjson"})
    void exportMessages(
            @RequestParam MultiValueMap<String, String> parameters, HttpServletResponse response)
            throws WrongParameterException,
                    LogUnavailableException,
                    TooManyExportsException,
                    IOException {
        MultiValueMap<String, String> search = new LinkedMultiValueMap<>(parameters);
        List<String> given = search.remove("format");
        Format format =
                SuppressionParameters.format(
                        given == null || given.isEmpty() ? null : given.getFirst());
        LogQuery query = SearchParameters.read(search, clock.instant(), 1);
        ExportedFile file = new ExportedFile(response, format);
        try {
            export.export(query, EXPORTED, file::write);
            file.end();
        } catch (LogUnavailableException e) {
            if (!file.hasBegun()) {
                throw e;
            }
            // The connection is cut, so that the file is not taken for a whole one.
            throw new IOException(e.getMessage(), e);
        }
    }

    @Described("A mail's whole story, or one recipient's part of it")
    @GetMapping("/messages/{id}")
    MessageJson.Told message(
            @PathVariable String id, @RequestParam(required = false) @Nullable String recipient)
            throws UnknownMailException, WrongParameterException, LogUnavailableException {
        if (!MailId.isValid(id)) {
            throw new UnknownMailException();
        }
        MailId mail = new MailId(id);
        Optional<String> only = Given.of("recipient", recipient).optional();
        Optional<MailStory> story =
                only.isPresent()
                        ? stories.part(
                                        new Question(
                                                mail,
                                                only.get(),
                                                Optional.empty(),
                                                LIMIT,
                                                STORY_EVENTS))
                                .map(part ->
                                        new MailStory(part.mail(), part.events(), part.isCut()))
                        : log.story(mail);
        return MessageJson.told(story.orElseThrow(UnknownMailException::new));
    }

    @Described("What stands in the queues, by destination")
    @GetMapping("/queues")
    QueueOverview queues() throws QueueUnavailableException, InterruptedException {
        return queues.look();
    }

    @Described("Whether all mail is accounted for, in all and by hour of acceptance")
    @GetMapping("/audit")
    AuditReport audit()
            throws LogUnavailableException, QueueUnavailableException, InterruptedException {
        return audit.fresh();
    }
}
