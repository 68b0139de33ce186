package posthaste.bounce.rest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import posthaste.body.StoreUnavailableException;
import posthaste.bounce.audit.NotUnaccountedException;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.deliverylog.TooManyExportsException;
import posthaste.bounce.operator.NotRecordedException;
import posthaste.bounce.salvage.MessageGoneException;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;

/** What goes wrong in REST, as {@code application/problem+json} (RFC 9457). */
@RestControllerAdvice(
        assignableTypes = {
            RestApi.class,
            OrdersApi.class,
            QuarantineApi.class,
            SuppressionsApi.class,
            ActionsApi.class,
            ChartsApi.class
        })
public class RestProblems extends ResponseEntityExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RestProblems.class);

    @ExceptionHandler
    ProblemDetail wrong(WrongParameterException e) {
        ProblemDetail problem = of(HttpStatus.BAD_REQUEST, e);
        problem.setProperty("parameter", e.parameter());
        problem.setProperty("allowed", e.allowed());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail unknown(UnknownMailException e) {
        return of(HttpStatus.NOT_FOUND, e);
    }

    @ExceptionHandler
    ProblemDetail away(LogUnavailableException e) {
        LOG.debug("answered 503", e);
        return of(HttpStatus.SERVICE_UNAVAILABLE, e);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> tooMany(TooManyExportsException e) {
        return ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS)
                .header(HttpHeaders.RETRY_AFTER, "60")
                .body(of(HttpStatus.TOO_MANY_REQUESTS, e));
    }

    @ExceptionHandler
    ProblemDetail away(NotRecordedException e) {
        LOG.debug("answered 503", e);
        return of(HttpStatus.SERVICE_UNAVAILABLE, e);
    }

    @ExceptionHandler
    ProblemDetail away(QueueUnavailableException e) {
        LOG.debug("answered 503", e);
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "The queue's broker cannot be read just now.");
    }

    @ExceptionHandler
    ProblemDetail away(StoreUnavailableException e) {
        LOG.debug("answered 503", e);
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "The body store cannot be read just now.");
    }

    @ExceptionHandler
    ProblemDetail unknown(OutcomeUnknownException e) {
        LOG.warn("an order's outcome is unknown", e);
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The broker did not say whether it took the order: look at the audit again.");
    }

    @ExceptionHandler
    ProblemDetail refused(NotUnaccountedException e) {
        return of(HttpStatus.CONFLICT, e);
    }

    @ExceptionHandler
    ProblemDetail gone(MessageGoneException e) {
        return of(HttpStatus.GONE, e);
    }

    @ExceptionHandler
    ProblemDetail stopping(InterruptedException e) {
        Thread.currentThread().interrupt();
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "The service is stopping.");
    }

    private static ProblemDetail of(HttpStatus status, Exception e) {
        return ProblemDetail.forStatusAndDetail(status, e.getMessage());
    }
}
