package posthaste.ingest.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import posthaste.ingest.submitter.Login;
import posthaste.ingest.submitter.Submitter;
import posthaste.ingest.submitter.TlsFacts;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /api/v1/messages}: a mail is durable before its {@code 202}. */
@RestController
public class InjectionApi {
    private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");
    private static final String BEARER = "bearer ";
    private static final String LISTENER = "http";

    private final ApiAccess access;
    private final Injection injection;
    private final IdempotencyKeys idempotency;
    private final Semaphore places;
    private final JsonMapper json = JsonMapper.shared();

    /**
     * Answers requests.
     *
     * @param mostRequests carried out at the same time
     */
    public InjectionApi(
            ApiAccess access, Injection injection, IdempotencyKeys idempotency, int mostRequests) {
        this.access = access;
        this.injection = injection;
        this.idempotency = idempotency;
        this.places = new Semaphore(mostRequests);
    }

    /** Accepts a mail. */
    @PostMapping(path = "/api/v1/messages")
    ResponseEntity<byte[]> submitMessage(HttpServletRequest request) throws IOException {
        Login login = access.login(secret(request));
        if (!places.tryAcquire()) {
            throw HttpProblem.forNow(503, "Too many mails are being submitted just now.");
        }
        Injection asked = injection.request();
        try {
            return submit(request, login, asked);
        } finally {
            asked.ended();
            places.release();
        }
    }

    private ResponseEntity<byte[]> submit(HttpServletRequest request, Login login, Injection asked)
            throws IOException {
        boolean composed = isComposed(request);
        Submitter submitter = submitter(request, login);
        asked.admit(submitter, request.getContentLengthLong());
        MessageDigest digest = IdempotencyKeys.sha256();
        String query = request.getQueryString();
        digest.update((composed + "\0" + query + "\0").getBytes(StandardCharsets.UTF_8));
        InputStream body =
                new DigestInputStream(asked.body(submitter, request.getInputStream()), digest);
        Optional<String> key = idempotencyKey(request);
        if (key.isEmpty()) {
            return accepted(
                    json.writeValueAsBytes(carriedOut(request, composed, submitter, body, asked)));
        }
        try (IdempotencyKeys.Claim claim = idempotency.claim(login.name(), key.get())) {
            if (claim.isRepeat()) {
                body.transferTo(OutputStream.nullOutputStream());
                return accepted(claim.answer(digest.digest()));
            }
            byte[] answer =
                    json.writeValueAsBytes(carriedOut(request, composed, submitter, body, asked));
            remember(claim, digest.digest(), answer);
            return accepted(answer);
        }
    }

    /** Whatever becomes of it, the mail is accepted. */
    private static void remember(IdempotencyKeys.Claim claim, byte[] payload, byte[] answer) {
        try {
            claim.answered(payload, answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Accepted carriedOut(
            HttpServletRequest request,
            boolean composed,
            Submitter submitter,
            InputStream body,
            Injection asked)
            throws IOException {
        if (!composed) {
            return asked.raw(
                    submitter,
                    parameter(request, "from"),
                    all(request, "to"),
                    parameter(request, "stream"),
                    body);
        }
        try (HeldBytes held = new HeldBytes(injection.memory(), injection.limits().memoryWait())) {
            byte[] bytes = held.read(body, injection.limits().json());
            return asked.composed(submitter, JsonMail.parse(bytes));
        } catch (JacksonException e) {
            throw HttpProblem.of(
                    422, "The body is no mail as JSON: " + e.getOriginalMessage() + ".");
        }
    }

    private static ResponseEntity<byte[]> accepted(byte[] answer) {
        return ResponseEntity.accepted().contentType(MediaType.APPLICATION_JSON).body(answer);
    }

    private static boolean isComposed(HttpServletRequest request) {
        String type = request.getContentType();
        String plain = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return switch (plain) {
            case "message/rfc822", "message/global" -> false;
            case "application/json" -> true;
            default ->
                    throw HttpProblem.of(
                            415, "Content-Type has to be message/rfc822 or application/json.");
        };
    }

    private static String secret(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            throw HttpProblem.of(401, "An API key is wanted: Authorization: Bearer KEY.");
        }
        return header.substring(BEARER.length()).strip();
    }

    private static Optional<String> idempotencyKey(HttpServletRequest request) {
        String header = request.getHeader("Idempotency-Key");
        if (header == null) {
            return Optional.empty();
        }
        // The draft has it as a structured field's string; clients send it with and without quotes.
        String key = header.strip().replaceAll("^\"(.*)\"$", "$1");
        if (!KEY.matcher(key).matches()) {
            throw HttpProblem.of(400, "Idempotency-Key is 1 to 255 visible characters of ASCII.");
        }
        return Optional.of(key);
    }

    private static Submitter submitter(HttpServletRequest request, Login login) {
        Submitter connected =
                Submitter.connected(LISTENER, InetAddress.ofLiteral(request.getRemoteAddr()));
        Object suite = request.getAttribute("jakarta.servlet.request.cipher_suite");
        Submitter overTls =
                request.isSecure()
                        ? connected.over(
                                new TlsFacts("TLS", String.valueOf(suite), Optional.empty()))
                        : connected;
        return overTls.as(login);
    }

    private static Optional<String> parameter(HttpServletRequest request, String name) {
        List<String> values = all(request, name);
        if (values.size() > 1) {
            throw HttpProblem.of(422, name + " may stand once.");
        }
        return values.stream().findFirst();
    }

    private static List<String> all(HttpServletRequest request, String name) {
        String @Nullable [] values = request.getParameterValues(name);
        return values == null ? List.of() : List.of(values);
    }
}
