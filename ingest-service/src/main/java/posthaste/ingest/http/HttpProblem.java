package posthaste.ingest.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import posthaste.mail.status.Reply;

/**
 * Why a request is not carried out (RFC 9457). Unchecked, since it passes through whatever reads a
 * message; without a stack trace, since it is no error of ours.
 */
public final class HttpProblem extends RuntimeException {
    private static final Duration SHORT = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final int status;
    private final transient Optional<Duration> retryAfter;
    private final transient Map<String, Object> details;

    private HttpProblem(
            int status,
            String sentence,
            Optional<Duration> retryAfter,
            Map<String, Object> details) {
        super(sentence, null, false, false);
        this.status = status;
        this.retryAfter = retryAfter;
        this.details = Map.copyOf(details);
    }

    /** One that a repetition would meet again. */
    public static HttpProblem of(int status, String sentence) {
        return new HttpProblem(status, sentence, Optional.empty(), Map.of());
    }

    /** One that may be over soon. */
    public static HttpProblem forNow(int status, String sentence) {
        return new HttpProblem(status, sentence, Optional.of(SHORT), Map.of());
    }

    /** A reply that SMTP would have given. */
    static HttpProblem of(Reply reply) {
        Map<String, Object> details = Map.of("smtpReply", reply.toString());
        String text = reply.text();
        String sentence = text.replaceFirst("^\\d\\.\\d{1,3}\\.\\d{1,3} ", "");
        int status = statusOf(reply.code(), text);
        return new HttpProblem(
                status,
                sentence,
                switch (status) {
                    case 503 -> Optional.of(SHORT);
                    case 429 -> Optional.of(LONG);
                    default -> Optional.empty();
                },
                details);
    }

    private static int statusOf(int code, String text) {
        if (code < 500) {
            // What is refused for now by a rule is too much of something; else we are at fault.
            return code == 421 || text.startsWith("4.7.") || text.startsWith("4.5.3") ? 429 : 503;
        }
        if (text.startsWith("5.3.4") || code == 552) {
            return 413;
        }
        return text.startsWith("5.7.") ? 403 : 422;
    }

    int status() {
        return status;
    }

    Optional<Duration> retryAfter() {
        return retryAfter;
    }

    Map<String, Object> details() {
        return details;
    }
}
