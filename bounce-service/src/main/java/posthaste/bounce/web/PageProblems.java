package posthaste.bounce.web;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.ModelAndView;
import posthaste.body.StoreUnavailableException;
import posthaste.bounce.audit.NotUnaccountedException;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.operator.NotRecordedException;
import posthaste.bounce.rest.WrongParameterException;
import posthaste.bounce.salvage.MessageGoneException;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;

/** What goes wrong on a page, as a page. */
@ControllerAdvice(
        assignableTypes = {
            Pages.class,
            AuditPage.class,
            QuarantinePage.class,
            SuppressionPage.class,
            ActionsPage.class,
            ChartsPage.class
        })
public class PageProblems {
    private static final Logger LOG = LoggerFactory.getLogger(PageProblems.class);

    private final PageFrame frame;

    PageProblems(PageFrame frame) {
        this.frame = frame;
    }

    @ExceptionHandler
    ModelAndView missing(NoSuchPageException e) {
        return page(HttpStatus.NOT_FOUND, "Not found", e.getMessage());
    }

    @ExceptionHandler
    ModelAndView away(LogUnavailableException e) {
        LOG.debug("answered 503", e);
        return page(HttpStatus.SERVICE_UNAVAILABLE, "The log is away", e.getMessage());
    }

    @ExceptionHandler
    ModelAndView away(NotRecordedException e) {
        LOG.debug("answered 503", e);
        return page(HttpStatus.SERVICE_UNAVAILABLE, "Nothing was done", e.getMessage());
    }

    @ExceptionHandler
    ModelAndView away(QueueUnavailableException e) {
        LOG.debug("answered 503", e);
        return page(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The queue is away",
                "The queue's broker cannot be read just now. Nothing is lost by that.");
    }

    @ExceptionHandler
    ModelAndView away(StoreUnavailableException e) {
        LOG.debug("answered 503", e);
        return page(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The body store is away",
                "The body store cannot be read just now. Nothing was done.");
    }

    @ExceptionHandler
    ModelAndView unknown(OutcomeUnknownException e) {
        LOG.warn("an order's outcome is unknown", e);
        return page(
                HttpStatus.SERVICE_UNAVAILABLE,
                "Perhaps done",
                "The broker did not say whether it took the order: look at the audit again.");
    }

    @ExceptionHandler
    ModelAndView refused(NotUnaccountedException e) {
        return page(HttpStatus.CONFLICT, "Nothing was done", e.getMessage());
    }

    @ExceptionHandler
    ModelAndView gone(MessageGoneException e) {
        return page(HttpStatus.GONE, "Nothing was done", e.getMessage());
    }

    @ExceptionHandler
    ModelAndView wrong(WrongParameterException e) {
        return page(HttpStatus.BAD_REQUEST, "Nothing was done", e.getMessage());
    }

    private ModelAndView page(HttpStatus status, String title, @Nullable String sentence) {
        ModelAndView page = new ModelAndView("problem");
        page.setStatus(status);
        ServletRequestAttributes request =
                (ServletRequestAttributes) RequestContextHolder.currentRequestAttributes();
        page.addAllObjects(frame.around(request.getRequest()));
        page.addObject("title", title);
        page.addObject("sentence", sentence);
        return page;
    }
}
