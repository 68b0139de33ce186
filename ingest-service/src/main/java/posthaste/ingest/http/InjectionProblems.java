package posthaste.ingest.http;

import java.net.URI;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What is not carried out, as {@code application/problem+json} (RFC 9457). */
@RestControllerAdvice(assignableTypes = InjectionApi.class)
public class InjectionProblems {

    @ExceptionHandler
    ResponseEntity<ProblemDetail> late(TimedBody.LateException e) {
        return problem(HttpProblem.of(408, String.valueOf(e.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> problem(HttpProblem e) {
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatusCode.valueOf(e.status()), e.getMessage());
        problem.setType(URI.create("about:blank"));
        e.details().forEach(problem::setProperty);
        HttpHeaders headers = new HttpHeaders();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        e.retryAfter()
                .ifPresent(wait ->
                        headers.set(HttpHeaders.RETRY_AFTER, Long.toString(wait.toSeconds())));
        if (e.status() == 401) {
            headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"Posthaste\"");
        }
        if (e.status() == 413 || e.status() == 408) {
            // What was not read of the request is not worth reading, or waiting for.
            headers.set(HttpHeaders.CONNECTION, "close");
        }
        return new ResponseEntity<>(problem, headers, HttpStatusCode.valueOf(e.status()));
    }
}
