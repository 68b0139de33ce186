package posthaste.testing.s3;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;

/** Switches the faults of a server in another process, and asks for its counts. */
public final class S3ServerControl implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI endpoint;
    private final HttpClient client = HttpClient.newHttpClient();

    /** {@code endpoint} as S3 clients have it. */
    public S3ServerControl(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** Switches a fault on. */
    public void add(S3Fault fault) throws IOException, InterruptedException {
        ask("POST", S3ControlPage.FAULTS + '?' + fault.toQuery());
    }

    /** Switches all faults off. */
    public void clear() throws IOException, InterruptedException {
        ask("DELETE", S3ControlPage.FAULTS);
    }

    /** How often an operation was asked for. */
    public long requests(S3Operation operation) throws IOException, InterruptedException {
        String start = operation.name().toLowerCase(Locale.ROOT) + ' ';
        return ask("GET", S3ControlPage.REQUESTS)
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> Long.valueOf(line.substring(start.length())))
                .findFirst()
                .orElseThrow(() -> new IOException("not counted: " + operation));
    }

    /** Counts anew. */
    public void resetRequests() throws IOException, InterruptedException {
        ask("DELETE", S3ControlPage.REQUESTS);
    }

    @Override
    public void close() {
        client.close();
    }

    private String ask(String method, String what) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                client.send(
                        HttpRequest.newBuilder(endpoint.resolve(what))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .timeout(PATIENCE)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.body());
        }
        return answer.body();
    }
}
