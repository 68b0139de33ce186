package posthaste.bounce.web;

import java.security.Principal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import posthaste.body.StoreUnavailableException;
import posthaste.bounce.audit.AuditSchedule;
import posthaste.bounce.audit.NotUnaccountedException;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.rest.OrdersApi;
import posthaste.bounce.rest.WrongParameterException;
import posthaste.bounce.salvage.CarriedOut;
import posthaste.bounce.salvage.MessageGoneException;
import posthaste.bounce.salvage.Salvage;
import posthaste.mail.envelope.MailId;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;

/** The page of the audit: by hour of acceptance, who is missing, and what can be done about it. */
@Controller
public class AuditPage {
    private final AuditSchedule audit;
    private final Salvage salvage;
    private final InstantSource clock;

    AuditPage(AuditSchedule audit, Salvage salvage, InstantSource clock) {
        this.audit = audit;
        this.salvage = salvage;
        this.clock = clock;
    }

    @GetMapping("/audit")
    String audit(Model model)
            throws LogUnavailableException, QueueUnavailableException, InterruptedException {
        Instant now = clock.instant();
        model.addAttribute("now", now);
        model.addAttribute("show", new Shown(now));
        model.addAttribute("audit", audit.fresh());
        return "audit";
    }

    /** An order; leads to the mail's story, where its event is about to appear. */
    @PostMapping("/audit/unaccounted/{id}")
    String order(@PathVariable String id, @RequestParam String action, Principal operator)
            throws WrongParameterException,
                    NoSuchPageException,
                    NotUnaccountedException,
                    MessageGoneException,
                    LogUnavailableException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    StoreUnavailableException,
                    InterruptedException {
        Optional<CarriedOut> done =
                MailId.isValid(id)
                        ? salvage.carryOut(
                                OrdersApi.read(action), new MailId(id), operator.getName())
                        : Optional.empty();
        return "redirect:/mail/" + done.orElseThrow(NoSuchPageException::new).id();
    }
}
