package posthaste.bounce.web;

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
import posthaste.bounce.operator.NotRecordedException;
import posthaste.bounce.operator.Operator;
import posthaste.bounce.operator.OperatorActions;
import posthaste.bounce.rest.OrdersApi;
import posthaste.bounce.rest.WrongParameterException;
import posthaste.bounce.salvage.CarriedOut;
import posthaste.bounce.salvage.MessageGoneException;
import posthaste.bounce.salvage.Order;
import posthaste.bounce.salvage.Salvage;
import posthaste.mail.envelope.MailId;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;

/** The page of the audit: by hour of acceptance, who is missing, and what can be done about it. */
@Controller
public class AuditPage {
    private final AuditSchedule audit;
    private final Salvage salvage;
    private final OperatorActions actions;

    AuditPage(AuditSchedule audit, Salvage salvage, OperatorActions actions) {
        this.audit = audit;
        this.salvage = salvage;
        this.actions = actions;
    }

    @GetMapping("/audit")
    String audit(Model model)
            throws LogUnavailableException, QueueUnavailableException, InterruptedException {
        model.addAttribute("audit", audit.fresh());
        return "audit";
    }

    /** An order; leads to the mail's story, where its event is about to appear. */
    @PostMapping("/audit/unaccounted/{id}")
    String order(@PathVariable String id, @RequestParam String action, Operator operator)
            throws WrongParameterException,
                    NotRecordedException,
                    NoSuchPageException,
                    NotUnaccountedException,
                    MessageGoneException,
                    LogUnavailableException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    StoreUnavailableException,
                    InterruptedException {
        Order order = OrdersApi.read(action);
        if (!MailId.isValid(id)) {
            throw new NoSuchPageException();
        }
        CarriedOut done =
                OrdersApi.carryOut(salvage, actions, order, new MailId(id), operator)
                        .orElseThrow(NoSuchPageException::new);
        return "redirect:/mail/" + done.id();
    }
}
