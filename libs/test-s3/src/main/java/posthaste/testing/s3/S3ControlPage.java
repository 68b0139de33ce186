package posthaste.testing.s3;

import java.io.IOException;
import java.io.OutputStream;
import java.util.stream.Collectors;

/**
 * The faults and counts of a server, to be asked and switched over HTTP beside the objects: {@code
 * GET|POST|DELETE /-/faults}, {@code GET|DELETE /-/requests}. No bucket begins with a hyphen.
 */
final class S3ControlPage {
    static final String FAULTS = "/-/faults";
    static final String REQUESTS = "/-/requests";

    private final S3Faults faults;
    private final S3Requests requests;

    S3ControlPage(S3Faults faults, S3Requests requests) {
        this.faults = faults;
        this.requests = requests;
    }

    boolean isFor(HttpHead request) {
        return request.path().startsWith("/-/");
    }

    void answer(HttpHead request, OutputStream out) throws IOException {
        int status = 200;
        String text;
        try {
            text = text(request);
        } catch (IllegalArgumentException e) {
            status = 400;
            text = e.getMessage() + "\n";
        }
        HttpBody.answer(out, request.method(), status, "text/plain", text);
    }

    private String text(HttpHead request) {
        return switch (request.method() + ' ' + request.path()) {
            case "POST " + FAULTS -> {
                faults.add(S3Fault.ofQuery(request.query()));
                yield listed();
            }
            case "DELETE " + FAULTS -> {
                faults.clear();
                yield listed();
            }
            case "GET " + FAULTS -> listed();
            case "GET " + REQUESTS -> requests.toString();
            case "DELETE " + REQUESTS -> {
                requests.reset();
                yield requests.toString();
            }
            default -> throw new IllegalArgumentException("nothing here: " + request.firstLine());
        };
    }

    private String listed() {
        return faults.current().stream()
                .map(fault -> fault.toQuery() + '\n')
                .collect(Collectors.joining());
    }
}
