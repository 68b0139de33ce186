package posthaste.bounce.webhooks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Posts to one endpoint. Certificates are verified, redirects are not followed, and no answer is
 * waited for beyond the time-out, however slowly it comes.
 */
final class EndpointClient implements AutoCloseable {
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    private final URI url;
    private final Supplier<List<Secret>> secrets;
    private final Duration timeout;
    private final InstantSource clock;
    private final HttpClient client;

    EndpointClient(URI url, Supplier<List<Secret>> secrets, Duration timeout, InstantSource clock) {
        this.url = url;
        this.secrets = secrets;
        this.timeout = timeout;
        this.clock = clock;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(timeout)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
    }

    /**
     * Posts once.
     *
     * @param id the same when the same body is posted again
     */
    Answer post(String id, byte[] body) throws InterruptedException {
        Instant now = clock.instant();
        HttpRequest request =
                HttpRequest.newBuilder(url)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .timeout(timeout)
                        .header("Content-Type", "application/json")
                        .header("User-Agent", "Posthaste")
                        .header("webhook-id", id)
                        .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
                        .header("webhook-signature", Signature.of(secrets.get(), id, now, body))
                        .build();
        CompletableFuture<HttpResponse<Boolean>> pending =
                client.sendAsync(request, _ -> new BoundedDiscard());
        try {
            HttpResponse<Boolean> response = pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            int status = response.statusCode();
            return status >= 200 && status < 300
                    ? new Answer.Taken()
                    : new Answer.Refused(status, retryAfter(response.headers(), now));
        } catch (TimeoutException e) {
            return new Answer.Silent("no answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            // Of our own choice of words: the message may quote the URL, and that a token.
            return new Answer.Silent(cause.getClass().getSimpleName());
        } finally {
            pending.cancel(true);
        }
    }

    /** RFC 9110 section 10.2.3: seconds or a date. */
    private static Optional<Duration> retryAfter(HttpHeaders headers, Instant now) {
        return headers.firstValue("Retry-After")
                .flatMap(value -> duration(value.strip(), now))
                .filter(wait -> !wait.isNegative())
                .map(wait -> wait.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wait);
    }

    private static Optional<Duration> duration(String value, Instant now) {
        if (value.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        try {
            Instant until =
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Optional.of(Duration.between(now, until));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
