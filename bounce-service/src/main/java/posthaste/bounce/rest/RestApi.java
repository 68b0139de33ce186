package posthaste.bounce.rest;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
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
import posthaste.bounce.deliverylog.LogQuery;
import posthaste.bounce.deliverylog.LogSearch;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.deliverylog.LoggedMail;
import posthaste.bounce.deliverylog.MailStory;
import posthaste.mail.envelope.MailId;
import posthaste.queue.QueueUnavailableException;

/** {@code /api/v1}: what became of mail, what is queued, and whether all of it is accounted for. */
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public class RestApi {
    private static final int LIMIT = 100;

    private final LogSearch log;
    private final QueueView queues;
    private final AuditSchedule audit;
    private final InstantSource clock;

    RestApi(LogSearch log, QueueView queues, AuditSchedule audit, InstantSource clock) {
        this.log = log;
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

    @Described("A mail's whole story")
    @GetMapping("/messages/{id}")
    MessageJson.Told message(@PathVariable String id)
            throws UnknownMailException, LogUnavailableException {
        if (MailId.isValid(id)) {
            Optional<MailStory> story = log.story(new MailId(id));
            if (story.isPresent()) {
                return MessageJson.told(story.get());
            }
        }
        throw new UnknownMailException();
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
