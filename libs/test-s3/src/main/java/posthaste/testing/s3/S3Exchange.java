package posthaste.testing.s3;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The requests of one client's connection, one after another. */
final class S3Exchange {
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final Socket client;
    private final S3Faults faults;
    private final S3Requests requests;
    private final S3ControlPage control;
    private final InputStream fromClient;
    private final OutputStream toClient;
    private final InputStream fromServer;
    private final OutputStream toServer;

    S3Exchange(
            Socket client,
            Socket server,
            S3Faults faults,
            S3Requests requests,
            S3ControlPage control)
            throws IOException {
        this.client = client;
        this.faults = faults;
        this.requests = requests;
        this.control = control;
        this.fromClient = new BufferedInputStream(client.getInputStream());
        this.toClient = new BufferedOutputStream(client.getOutputStream());
        this.fromServer = new BufferedInputStream(server.getInputStream());
        this.toServer = new BufferedOutputStream(server.getOutputStream());
    }

    void run() throws IOException, InterruptedException {
        boolean goesOn = true;
        while (goesOn) {
            Optional<HttpHead> request = HttpHead.read(fromClient);
            goesOn = request.isPresent() && serve(request.get());
        }
    }

    /** False: the connection is over. */
    private boolean serve(HttpHead request) throws IOException, InterruptedException {
        if (control.isFor(request)) {
            HttpBody.copyRequest(request, fromClient, OutputStream.nullOutputStream());
            control.answer(request, toClient);
            return true;
        }
        S3Operation operation = S3Operation.of(request);
        requests.count(operation);
        long epoch = faults.epoch();
        Optional<S3Fault> decisive = Optional.empty();
        for (S3Fault fault : faults.decide(operation, request.key())) {
            if (fault.kind() == S3Fault.Kind.LATENCY) {
                Thread.sleep(fault.amount());
            } else if (decisive.isEmpty()) {
                decisive = Optional.of(fault);
            }
        }
        return decisive.isPresent()
                ? fail(decisive.get(), request, epoch)
                : forward(request, toClient, toClient);
    }

    private boolean fail(S3Fault fault, HttpHead request, long epoch)
            throws IOException, InterruptedException {
        return switch (fault.kind()) {
            case STATUS -> refuse(request, (int) fault.amount());
            case MISSING -> refuse(request, 404);
            case LATENCY -> forward(request, toClient, toClient);
            case RESET -> cut();
            case STALL -> {
                faults.awaitClear(epoch);
                yield cut();
            }
            case ANSWER_LOST -> {
                forward(request, OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
                yield cut();
            }
            case ANSWER_STALLED -> {
                forward(request, OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
                faults.awaitClear(epoch);
                yield cut();
            }
            case SLOW_ANSWER ->
                    forward(request, toClient, new TricklingOutput(toClient, fault.amount()));
            case DAMAGED_ANSWER -> {
                DamagingOutput damaged = new DamagingOutput(toClient);
                boolean goesOn = forward(request, toClient, damaged);
                damaged.end();
                yield goesOn;
            }
        };
    }

    private boolean forward(HttpHead request, OutputStream answerHead, OutputStream answerBody)
            throws IOException {
        letTheBodyCome(request);
        toServer.write(request.without("Expect").bytes());
        HttpBody.copyRequest(request, fromClient, toServer);
        HttpHead response;
        do {
            response =
                    HttpHead.read(fromServer)
                            .orElseThrow(() -> new IOException("the server closed"));
        } while (response.status() < 200);
        answerHead.write(response.bytes());
        answerHead.flush();
        return HttpBody.copyResponse(request.method(), response, fromServer, answerBody);
    }

    private boolean refuse(HttpHead request, int status) throws IOException {
        letTheBodyCome(request);
        HttpBody.copyRequest(request, fromClient, OutputStream.nullOutputStream());
        HttpBody.answer(
                toClient,
                request.method(),
                status,
                "application/xml",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>"
                        + code(status)
                        + "</Code><Message>As told.</Message></Error>");
        return true;
    }

    /** Who asks first whether the body may come is told yes, here. */
    private void letTheBodyCome(HttpHead request) throws IOException {
        if (request.says("Expect", "100-continue")) {
            toClient.write(CONTINUE);
            toClient.flush();
        }
    }

    private boolean cut() throws IOException {
        client.setSoLinger(true, 0);
        client.close();
        return false;
    }

    private static String code(int status) {
        return switch (status) {
            case 403 -> "AccessDenied";
            case 404 -> "NoSuchKey";
            case 429 -> "TooManyRequests";
            case 500 -> "InternalError";
            case 503 -> "SlowDown";
            default -> List.of("Status", String.valueOf(status)).toString();
        };
    }
}
